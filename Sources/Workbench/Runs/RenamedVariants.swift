import Experiments
import Store
import Text

/// Variants whose runs another variant of the experiment had at its last `safnet run`: somebody has renamed them, or exchanged
/// two names, and the rows of every table change with that.
struct RenamedVariants {
  /// "Base was called A"; in the order of the experiment.
  private let pairs: [(now: String, before: String)]

  /// - Parameters:
  ///   - runs: that the experiment asks for.
  ///   - specification: whose record is looked at, where it is of the same file.
  init(_ runs: [PlannedRun], of specification: Specification, in workspace: Workspace) {
    guard let record = workspace.experimentRecords().first(where: { $0.name == specification.name }),
      record.file.flatMap(workspace.file)?.onePath == specification.file?.onePath
    else {
      pairs = []
      return
    }
    let owners = Dictionary(
      record.variants.flatMap { variant in variant.runs.map { ($0, variant.name) } },
      uniquingKeysWith: { first, _ in first })
    var found: [(now: String, before: String)] = []
    for run in runs where !found.contains(where: { $0.now == run.variant }) {
      if let owner = owners[run.directoryName], owner != run.variant,
        workspace.runDirectory(named: run.directoryName).exists
      {
        found.append((run.variant, owner))
      }
    }
    pairs = found
  }

  /// Nil where every variant is called as before.
  var words: String? {
    guard !pairs.isEmpty else { return nil }
    let list = pairs.map { "\($0.now.inAList) was called \($0.before.inAList)" }.joined(separator: ", ")
    return
      "since the last `safnet run` of this experiment names have changed: \(list). The runs stay, and rows have the names of now;"
      + " if that is not meant, put the names back"
  }
}
