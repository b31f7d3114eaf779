import Foundation
import Text

/// One thing that is wrong with a set of folds.
package enum FoldProblem: Hashable, Sendable, CustomStringConvertible {
  case tooFewCases(cases: Int, folds: Int, validation: Int)
  case unknownCases(fold: Int, names: [String])
  /// The same names that a file has in several folds.
  case lostCases(folds: [Int], names: [String])
  /// Names of files in the place of those of cases.
  case fileNames(fold: Int, names: [String])
  case inTwoParts(fold: Int, names: [String])
  case twiceInOnePart(fold: Int, names: [String])
  case leftOut(fold: Int, names: [String])
  /// Left out of train and val, and named under `test`, which is not read.
  ///
  /// - Parameter isShared: whether all folds name the same there.
  case unreadTest(folds: [Int], names: [String], isShared: Bool)
  case emptyPart(fold: Int, part: String)
  case patientInTwoParts(fold: Int, patients: [String])
  /// The same names in several folds.
  case testedTwice(folds: [Int], names: [String])
  /// A part of which nothing is left when the cases of dataset.exclude are taken out.
  case emptiedPart(fold: Int, part: String)

  package var description: String {
    switch self {
    case .tooFewCases(let cases, let folds, let validation):
      "\(Quantity.of(cases, "case")) \(cases == 1 ? "does" : "do") not make \(Quantity.of(folds, "fold")) with"
        + " \(Quantity.of(validation, "validation case")) and at least one test case each;"
        + " use fewer folds or fewer validation cases"
    case .unknownCases(let fold, let names): "fold \(fold): the dataset has no case \(list(names))"
    case .lostCases(let folds, let names):
      "the dataset has no case \(list(names)), which the folds \(folds.map(String.init).joined(separator: ", ")) name"
    case .fileNames(let fold, let names):
      "fold \(fold): \(list(names)) \(names.count == 1 ? "is a file's name, and a case is" : "are files' names, and cases are")"
        + " meant: \(list(names.map(Self.meantCase)))"
    case .inTwoParts(let fold, let names): "fold \(fold): \(list(names)) in more than one of train, validation, test"
    case .twiceInOnePart(let fold, let names): "fold \(fold): \(list(names)) given twice in one part"
    case .leftOut(let fold, let names): "fold \(fold): \(list(names)) in neither train nor val"
    case .unreadTest(let folds, let names, _):
      "fold \(folds.map(String.init).joined(separator: ", ")): \(list(names)) under test alone, which is not read: a fold's"
        + " cases are those of its train and val"
    case .emptyPart(let fold, let part): "fold \(fold): has no \(part) case"
    case .patientInTwoParts(let fold, let patients):
      "fold \(fold): patient \(list(patients)) has cases in training and in the held-out part"
    case .testedTwice(let folds, let names):
      "\(list(names)) held out in the folds \(folds.map(String.init).joined(separator: ", "))"
    case .emptiedPart(let fold, let part):
      "fold \(fold): dataset.exclude leaves no \(part) case"
    }
  }

  /// What to do about folds that someone wrote.
  fileprivate var remedyInFile: String? {
    switch self {
    case .tooFewCases: nil
    case .unknownCases: "take it out of the file, or add the case to the dataset"
    case .lostCases: "put image and mask of it back, if they are lost, or take it out of the file"
    case .fileNames: "write cases, without folder, channel (_0000) and ending"
    case .inTwoParts, .twiceInOnePart: "name each case once in a fold"
    case .leftOut:
      "add it to train, or to val where no other fold holds it out, or leave the case out by dataset.exclude"
    case .unreadTest(_, _, true):
      "write \"test\": {\"cases\": \"splits\"} in the experiment, which makes them its test set, or add them to train or val"
    case .unreadTest:
      "add them to val, of which folds.validation cases choose the checkpoint and the rest is tested; a test set beside the"
        + " folds (\"test\": {\"cases\": \"splits\"} in the experiment) is the same in all of them"
    case .emptyPart(_, "test"): "move cases from train to val"
    case .emptyPart: "move cases from val to train"
    case .patientInTwoParts: "keep a patient's cases in one part"
    case .testedTwice: "leave each in val of one fold, and write it into train of the others"
    case .emptiedPart(_, "training"): "exclude fewer cases, or move cases from this fold's val to its train"
    case .emptiedPart: "exclude fewer cases, or hold out more in this fold (val)"
    }
  }

  /// The case that a file's name is of.
  static func meantCase(_ name: String) -> String { VolumeList.caseName(of: URL(fileURLWithPath: "/" + name)) }

  private func list(_ names: [String]) -> String {
    let first = names.prefix(5).joined(separator: ", ")
    return names.count > 5 ? "\(first) and \(names.count - 5) more" : first
  }
}

/// Everything that is wrong with a set of folds.
package struct FoldErrors: Error, Hashable, Sendable, CustomStringConvertible {
  package var problems: [FoldProblem]
  /// By what the folds came about.
  package var source: Source

  package enum Source: Hashable, Sendable {
    case nobody
    /// A file that they stand in.
    case file(String)
    /// Drawn; the experiment's field, with its place.
    case drawn(field: String)
    /// By a column; the experiment's field, with its place.
    case column(String, field: String)
  }

  package init(_ problems: [FoldProblem], _ source: Source = .nobody) {
    precondition(!problems.isEmpty, "errors without a problem")
    (self.problems, self.source) = (problems, source)
  }

  /// The same of a file, with the cases that are left out of a fold and named under its `test` told apart from the others.
  ///
  /// - Parameter tests: for each fold, what the file names there.
  package func ofFile(_ file: String, tests: [[String]?]) -> FoldErrors {
    let isShared = tests.allSatisfy { $0.map(Set.init) == tests[0].map(Set.init) }
    var folds: [[String]: [Int]] = [:]
    let others = problems.compactMap { problem -> FoldProblem? in
      guard case .leftOut(let fold, let names) = problem, tests.indices.contains(fold - 1) else { return problem }
      let named = Set(tests[fold - 1] ?? [])
      let (under, left) = (names.filter(named.contains), names.filter { !named.contains($0) })
      if !under.isEmpty { folds[under, default: []].append(fold) }
      return left.isEmpty ? nil : .leftOut(fold: fold, names: left)
    }
    let unread = folds.sorted { $0.value[0] < $1.value[0] }.map { names, folds in
      FoldProblem.unreadTest(folds: folds, names: names, isShared: isShared)
    }
    return FoldErrors(unread + Self.together(others), .file(file))
  }

  /// Cases that are not there told once, whatever folds they are in.
  private static func together(_ problems: [FoldProblem]) -> [FoldProblem] {
    var folds: [[String]: [Int]] = [:]
    for case .unknownCases(let fold, let names) in problems { folds[names, default: []].append(fold) }
    let several = folds.filter { $0.value.count > 1 }
    let lost = several.sorted { $0.value[0] < $1.value[0] }.map { FoldProblem.lostCases(folds: $1, names: $0) }
    return lost
      + problems.filter { problem in
        if case .unknownCases(_, let names) = problem { several[names] == nil } else { true }
      }
  }

  /// One for each problem.
  package var lines: [String] {
    problems.map { problem in
      let remedy = problem.remedy(source).map { "; \($0)" } ?? ""
      return switch source {
      case .nobody: problem.description
      case .file(let place), .drawn(let place), .column(_, let place): "\(place): \(problem)\(remedy)"
      }
    }
  }

  package var description: String { lines.joined(separator: "\n") }
}

extension FoldProblem {
  fileprivate func remedy(_ source: FoldErrors.Source) -> String? {
    switch source {
    case .nobody: nil
    case .file: remedyInFile
    case .drawn: remedyOfDrawn
    case .column(let name, _): remedy(ofColumn: name)
    }
  }

  private var remedyOfDrawn: String? {
    switch self {
    case .emptyPart(_, "test"):
      "lower folds.count or folds.validation, or take validation cases from those that train (folds.validationFrom:"
        + " \"training\")"
    case .emptyPart: "lower folds.validation"
    case .emptiedPart(_, "training"): "exclude fewer cases, or let more train (more folds)"
    case .emptiedPart: "exclude fewer cases, or hold out more (fewer folds, fewer validation cases)"
    default: nil
    }
  }

  private func remedy(ofColumn name: String) -> String? {
    switch self {
    case .patientInTwoParts:
      "give all cases of a patient one \(name) in the table, or take folds.by out: parts that are drawn keep patients"
        + " together"
    case .emptyPart(_, "test"): "take cases of this \(name) out of dataset.exclude"
    case .emptyPart: "lower folds.validation"
    default: nil
    }
  }
}

extension Folds {
  /// Throws everything that makes folds dishonest or unusable: overlaps, cases left out, unknown or repeated, empty
  /// training or test parts, a patient on both sides, a case held out by two folds.
  ///
  /// - Parameters:
  ///   - spared: cases that are taken out afterwards, and may be missing in any fold.
  ///   - heldOut: of a fold, the cases that no other fold may hold out.
  package static func validate(
    _ folds: [Fold], cases: [String], patients: [String: String] = [:], spared: Set<String> = [],
    heldOut: (Fold) -> [String] = { $0.validation + $0.test }
  ) throws(FoldErrors) {
    var problems = folds.flatMap { self.problems(of: $0, cases: Set(cases), patients: patients, spared: spared) }
    problems += repeats(folds.map { (number: $0.number, names: Set(heldOut($0))) })
    guard problems.isEmpty else { throw FoldErrors(problems) }
  }

  /// Cases that several folds hold out, those of the same folds together.
  private static func repeats(_ held: [(number: Int, names: Set<String>)]) -> [FoldProblem] {
    var folds: [String: [Int]] = [:]
    for fold in held { for name in fold.names { folds[name, default: []].append(fold.number) } }
    let groups = Dictionary(grouping: folds.filter { $0.value.count > 1 }, by: \.value)
    return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { folds, group in
      .testedTwice(folds: folds, names: group.map(\.key).sorted(by: naturallyPrecedes))
    }
  }

  private static func problems(
    of fold: Fold, cases: Set<String>, patients: [String: String], spared: Set<String>
  ) -> [FoldProblem] {
    let parts = [fold.train, fold.validation, fold.test]
    let counts = Dictionary(grouping: parts.flatMap { Set($0) }) { $0 }.mapValues(\.count)
    func sorted(_ names: some Sequence<String>) -> [String] { names.sorted(by: naturallyPrecedes) }
    let repeated = parts.flatMap { part in Dictionary(grouping: part) { $0 }.filter { $0.value.count > 1 }.keys }
    let onBothSides = Set(fold.train.compactMap { patients[$0] })
      .intersection((fold.validation + fold.test).compactMap { patients[$0] })
    let unknown = counts.keys.filter { !cases.contains($0) }
    let files = Set(unknown.filter { cases.contains(FoldProblem.meantCase($0)) })
    let meant = Set(files.map(FoldProblem.meantCase))
    let found: [(names: [String], problem: ([String]) -> FoldProblem)] = [
      (sorted(files), { .fileNames(fold: fold.number, names: $0) }),
      (sorted(unknown.filter { !files.contains($0) }), { .unknownCases(fold: fold.number, names: $0) }),
      (sorted(counts.filter { $0.value > 1 }.keys), { .inTwoParts(fold: fold.number, names: $0) }),
      (sorted(Set(repeated)), { .twiceInOnePart(fold: fold.number, names: $0) }),
      (
        sorted(cases.filter { counts[$0] == nil && !meant.contains($0) && !spared.contains($0) }),
        { .leftOut(fold: fold.number, names: $0) }
      ),
      (sorted(onBothSides), { .patientInTwoParts(fold: fold.number, patients: $0) }),
      (fold.train.isEmpty ? ["training"] : [], { .emptyPart(fold: fold.number, part: $0[0]) }),
      (fold.test.isEmpty ? ["test"] : [], { .emptyPart(fold: fold.number, part: $0[0]) }),
    ]
    return found.filter { !$0.names.isEmpty }.map { $0.problem($0.names) }
  }
}
