import Foundation
import Text

/// One thing that is wrong with a set of folds.
package enum FoldProblem: Hashable, Sendable, CustomStringConvertible {
  case tooFewCases(cases: Int, folds: Int, validation: Int)
  case unknownCases(fold: Int, names: [String])
  /// The same names that a file has in several folds.
  case lostCases(folds: [Int], names: [String])
  /// Names that no case has, each with the one that is surely meant, which the folds leave out.
  case misspelt(folds: [Int], names: [String], meant: [String])
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

  package var description: String { words(inFile: false) }

  /// - Parameter inFile: whether they are of a file that nnU-Net reads too, which counts folds from 0.
  fileprivate func words(inFile: Bool) -> String {
    func named(_ folds: Int...) -> String { several(folds) }
    func several(_ folds: [Int]) -> String { inFile ? SplitsFile.named(folds) : SplitsFile.counted(folds) }
    return switch self {
    case .tooFewCases(let cases, let folds, let validation):
      "\(Quantity.of(cases, "case")) \(cases == 1 ? "does" : "do") not make \(Quantity.of(folds, "fold")) with"
        + " \(Quantity.of(validation, "validation case")) and at least one test case each;"
        + " use fewer folds or fewer validation cases"
    case .unknownCases(let fold, let names): "\(named(fold)): the dataset has no case \(list(names))"
    case .lostCases(let folds, let names):
      "the dataset has no case \(list(names)), which the \(several(folds)) name"
    case .misspelt(let folds, let names, let meant):
      "\(several(folds)): the dataset has no case \(list(zip(names, meant).map { "\($0) (did you mean \($1)?)" }))"
    case .fileNames(let fold, let names):
      "\(named(fold)): \(list(names))"
        + (names.count == 1 ? " is a file's name, and a case is" : " are files' names, and cases are")
        + " meant: \(list(names.map(Self.meantCase)))"
    case .inTwoParts(let fold, let names): "\(named(fold)): \(list(names)) in more than one of train, validation, test"
    case .twiceInOnePart(let fold, let names): "\(named(fold)): \(list(names)) given twice in one part"
    case .leftOut(let fold, let names): "\(named(fold)): \(list(names)) in neither train nor val"
    case .unreadTest(let folds, let names, _):
      "\(several(folds)): \(list(names)) under test alone, which is not read: a fold's"
        + " cases are those of its train and val"
    case .emptyPart(let fold, let part): "\(named(fold)): has no \(part) case"
    case .patientInTwoParts(let fold, let patients):
      "\(named(fold)): patient \(list(patients)) has cases in training and in the held-out part"
    case .testedTwice(let folds, let names):
      "\(list(names)) held out in the \(several(folds))"
    case .emptiedPart(let fold, let part):
      "\(named(fold)): dataset.exclude leaves no \(part) case"
    }
  }

  /// What to do about folds that someone wrote.
  fileprivate var remedyInFile: String? {
    switch self {
    case .tooFewCases: nil
    case .unknownCases: "take it out of the file, or add the case to the dataset"
    case .lostCases: "put image and mask of it back, if they are lost, or take it out of the file"
    case .misspelt:
      "correct the name; if it is another case, take it out of the file, and add the one that is left out to train or val"
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
  package static func meantCase(_ name: String) -> String { VolumeList.caseName(of: URL(fileURLWithPath: "/" + name)) }

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

  /// Cases that are not there told once, whatever folds they are in, and so are names that are not theirs.
  private static func together(_ problems: [FoldProblem]) -> [FoldProblem] {
    var folds: [[String]: [Int]] = [:]
    for case .unknownCases(let fold, let names) in problems { folds[names, default: []].append(fold) }
    var misspelt: [[String]: [Int]] = [:]
    for case .misspelt(let own, let names, let meant) in problems { misspelt[names + meant, default: []] += own }
    let several = folds.filter { $0.value.count > 1 }
    let lost = several.sorted { $0.value[0] < $1.value[0] }.map { FoldProblem.lostCases(folds: $1, names: $0) }
    return lost
      + problems.compactMap { problem -> FoldProblem? in
        switch problem {
        case .unknownCases(_, let names): return several[names] == nil ? problem : nil
        case .misspelt(let own, let names, let meant):
          let all = misspelt[names + meant] ?? own
          return all.first == own.first ? .misspelt(folds: all, names: names, meant: meant) : nil
        default: return problem
        }
      }
  }

  /// One for each problem.
  package var lines: [String] {
    problems.map { problem in
      let remedy = problem.remedy(source).map { "; \($0)" } ?? ""
      return switch source {
      case .nobody: problem.description
      case .file(let place): "\(place): \(problem.words(inFile: true))\(remedy)"
      case .drawn(let place), .column(_, let place): "\(place): \(problem)\(remedy)"
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
