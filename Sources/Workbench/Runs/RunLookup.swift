import Experiments
import Foundation
import Store
import Text

extension Workspace {
  /// The run of that name, or the only one that begins with it.
  package func run(named name: String, exactly: Bool = false) throws -> RunDirectory {
    try requireRuns()
    let all = try runDirectories()
    if let run = all.first(where: { $0.name == name }) { return run }
    let beginning = all.filter { $0.name.hasPrefix(name) }
    if !exactly, beginning.count == 1 { return beginning[0] }
    throw UsageError.unknownRun(
      name: name, workspace: root.path, nearest: beginning.first?.name ?? name.nearest(in: all.map(\.name)))
  }

  /// Deletes runs, given by their full names, with everything they hold, and whatever else lies in the folder of runs;
  /// nothing unless all of them exist and `confirmed`. A run that is being trained is left, and so are those after it.
  ///
  /// - Parameter removed: called with the name of each run that is gone.
  package func remove(_ names: [String], confirmed: Bool, removed: (String) -> Void) throws {
    let runs = try names.map { try entry(named: $0) ?? run(named: $0, exactly: true) }
    guard confirmed else { throw UsageError.needsConfirmation(runs: runs.count) }
    for run in runs {
      guard try run.remove() else { throw UsageError.runIsBusy(name: run.name) }
      removed(run.name)
    }
    _ = try? WorkspaceIndex(self).refresh()
  }
}
