import Foundation
import JSON
import Text
import Volumes

/// A test set beside cross-validation: cases that no run is trained on. It is scored from finished runs, and is no part of
/// any plan.
package struct TestPlan: Sendable, Equatable {
  /// Which cases of a folder they are.
  package enum Cases: String, Codable, CaseIterable, Sendable {
    /// All that a layout's training cases are: the folder is a dataset of its own.
    case all
    /// `imagesTs` and `labelsTs` of nnU-Net's layout.
    case imagesTs
    /// Those that every fold of `splits_final.json` names under `test`.
    case splits
  }

  /// Nil: the experiment's own dataset.
  package var path: WrittenPath?
  /// How the folder is laid out; `auto` finds out.
  package var layout = DatasetLayout.automatic
  /// Which of its cases.
  package var cases = Cases.all

  /// Not yet anything.
  package init() {}

  static var form: Form<TestPlan> {
    let record = Form<TestPlan>.record(
      "Cases that no run is trained on", TestPlan(),
      [
        Field(
          "path", \.path, .optional(.path),
          "The folder of the test cases; relative to this file, or with --set to the working directory. Absent: the"
            + " experiment's own dataset"),
        Field("layout", \.layout, .choice(), "How the folder is laid out"),
        Field(
          "cases", \.cases, .choice(),
          "all: every case of the folder; imagesTs: nnU-Net's imagesTs and labelsTs; splits: those that every fold of"
            + " splits_final.json names under test"),
      ])
    return Form(
      schema: record.schema,
      read: { input, starting, errors in
        let before = errors.count
        switch input.node.content {
        case .number, .array, .bool(true):
          // No other key is enough alone.
          let path = input.node.setting.map { "--set \(ShellWord.quoted("\($0.path).path=VALUE"))" }
          errors.append(input.error(input.wrongType("an object; write \(path ?? "{\"path\": \"...\"}")")))
          return nil
        default: break
        }
        guard let plan = record.read(input, starting, &errors), errors.count == before else { return nil }
        if let rule = plan.problem {
          errors.append(input.error(.broken(rule: rule)))
          return nil
        }
        return plan
      },
      write: record.write)
  }

  private var problem: String? {
    if path == nil && cases == .all {
      return "write path, the folder of the test cases, or cases: \"imagesTs\" or \"splits\" for those of the dataset"
    }
    if path != nil && cases == .splits {
      return "splits are those of the experiment's own dataset; leave path out, or write cases: \"all\""
    }
    if cases == .imagesTs && ![.automatic, .nnUNet].contains(layout) {
      return "imagesTs is a folder of nnU-Net's layout; write layout: \"nnunet\", or leave it out"
    }
    return nil
  }
}

/// An external test set, listed but not yet read.
package struct TestSet: Sendable {
  /// Its cases; of the experiment's own dataset, those that splits name.
  package let dataset: Dataset
  /// Whether its cases are among those of the experiment's own dataset, and prepared with them.
  package let isOwn: Bool
  /// What could not be checked, and should be known.
  package var notices: [String] = []

  /// The cases by name.
  package var names: [String] { dataset.names }

  /// What is learnt, with what the test set's own file names besides: as background.
  package func labels(_ learnt: LabelMap) -> LabelMap {
    let strangers = (dataset.labels?.structures ?? []).filter { !learnt.names.contains($0.name) }
    return learnt.leavingOut(strangers.flatMap(\.values))
  }
}

extension Specification {
  /// - Parameter dataset: the experiment's own, opened.
  /// - Throws: `DatasetErrors` for files that are not right, `SpecificationErrors` for a test set that this experiment
  ///   cannot have.
  package func testSet(beside dataset: Dataset, labels: LabelMap) throws -> TestSet? {
    guard let plan = test else { return nil }
    let root = plan.path?.url(workingDirectory: workingDirectory) ?? dataset.root
    let channels = self.dataset.channelChoice
    switch plan.cases {
    case .splits: return TestSet(dataset: try splitsTest(of: dataset), isOwn: true)
    case .imagesTs:
      let field: JSONPath = plan.path == nil ? "test.cases" : "test.path"
      let part = try telling(plan.path ?? self.dataset.path, field: field) { () throws(DatasetErrors) in
        try Dataset.openTestPart(root, channels: channels)
      }
      return try withChannels(checked(part, labels), as: dataset)
    case .all:
      try checkTestPlace()
      let whole = try telling(plan.path ?? self.dataset.path, field: "test.path") { () throws(DatasetErrors) in
        try Dataset.open(root, layout: plan.layout, channels: channels, readsSplits: false, learnsOwnLabels: false)
      }
      return try withChannels(checked(whole, labels), as: dataset)
    }
  }

  private func splitsTest(of dataset: Dataset) throws -> Dataset {
    guard let names = dataset.sharedTests, folds.readsSplits else {
      throw SpecificationErrors([error(.noTestInSplits(file: dataset.splitsFile.path), at: "test.cases")])
    }
    let excluded = dataset.excludedNames
    let used = Set((dataset.givenSplits ?? []).flatMap { $0.train + $0.val })
    let both = names.filter(used.contains)
    guard both.isEmpty else {
      throw SpecificationErrors([
        error(.testIsTrained(file: dataset.splitsFile.path, cases: both), at: "test.cases")
      ])
    }
    if let stranger = names.first(where: { !dataset.names.contains($0) }) {
      throw SpecificationErrors([
        error(
          .noCase(stranger, nearest: stranger.nearest(in: dataset.names), dataset: dataset.root.path), at: "test.cases")
      ])
    }
    var own = dataset
    own.cases = dataset.cases.filter { names.contains($0.name) && !excluded.contains($0.name) }
    return own
  }

  /// A test set that names its structures must name them as they are learnt.
  private func checked(_ dataset: Dataset, _ labels: LabelMap) throws -> TestSet {
    let others = (dataset.labels?.structures ?? []).compactMap { structure -> (String, String)? in
      guard let index = labels[structure.value], index > 0 else { return nil }
      let own = labels.structures[index - 1]
      // A union of several structures has a name of its own.
      return own.others.isEmpty && structure.others.isEmpty && own.name != structure.name
        ? (structure.name, own.name) : nil
    }
    guard others.isEmpty else {
      throw SpecificationErrors([
        error(
          .otherTestNames(dataset: dataset.root.path, named: others.map(\.0), learnt: others.map(\.1)), at: "test.path")
      ])
    }
    return TestSet(dataset: dataset, isOwn: false)
  }

  /// Channels that are taken by their numbers must be called alike in both datasets; where one of them names none, nobody
  /// knows whether they are.
  private func withChannels(_ set: TestSet, as own: Dataset) throws -> TestSet {
    guard let asked = self.dataset.channels, set.dataset.root != own.root else { return set }
    let (names, others) = (own.channelNames, set.dataset.channelNames)
    func list(_ dataset: Dataset) -> [String] {
      zip(dataset.channels, dataset.channelNames).map { "\($0) \($1)" }
    }
    if names.isEmpty || others.isEmpty {
      guard asked.count > 1 || own.channels != [0] else { return set }
      var set = set
      let nameless = (names.isEmpty ? own : set.dataset).root.path
      set.notices.append(
        "\(nameless) does not name its channels (channel_names of dataset.json): whether channels"
          + " \(own.channels.map(String.init).joined(separator: ", ")) of the test set are those that are learnt was not checked"
      )
      return set
    }
    let isAlike = zip(names, others).allSatisfy {
      $0.trimmingCharacters(in: .whitespaces).lowercased() == $1.trimmingCharacters(in: .whitespaces).lowercased()
    }
    guard isAlike else {
      throw SpecificationErrors([
        error(
          .otherTestChannels(
            dataset: set.dataset.root.path, named: list(set.dataset), own: own.root.path, learnt: list(own)),
          at: "test.path")
      ])
    }
    return set
  }
}

extension Specification {
  /// Whether the test cases are others than the experiment's own, so that their masks may hold what no mask of those does.
  package var hasTestOfItsOwn: Bool { test.map { $0.cases != .splits } ?? false }

  /// What is wrong with the files of a test set, at the field that names it.
  package func ofTest(_ errors: DatasetErrors) -> DatasetErrors {
    let problems = errors.problems.map { problem in
      guard case .unknownLabels(let file, let values, let known, let names, let background) = problem else {
        return problem
      }
      // The experiment's own file would name them for the training cases.
      let source =
        test?.path == nil ? nil : names.map { "the test set's \($0), by which they count as background there" }
      return DatasetProblem.unknownLabels(
        file: file, values: values, known: known, names: source, background: background)
    }
    return DatasetErrors(problems, field: field(test?.path == nil ? "test.cases" : "test.path"))
  }

  /// Images of a test set that are among the experiment's own, by what a network would see of them.
  ///
  /// - Parameter own: nil where the experiment's cases were never prepared.
  package func knownImages(among tests: CacheSummary, _ own: CacheSummary?) -> [SpecificationError] {
    let names = Dictionary(
      (own?.cases ?? []).map { ($0.imageDigest, $0.name) }, uniquingKeysWith: { first, _ in first })
    let both = tests.cases.compactMap { one in names[one.imageDigest].map { (one.name, $0) } }
    return both.isEmpty
      ? []
      : [error(.testIsKnown(tests: both.map(\.0), own: both.map(\.1)), at: test?.path == nil ? "test" : "test.path")]
  }
}
