import Foundation
import JSON
import System

/// The questions of `runs list`, `runs show`, `runs compare` and `status`.
extension WorkspaceIndex {
  /// Every run, by name, with its state now.
  package func runs() throws -> [IndexedRun] { try read(IndexDatabase.runs).live(in: workspace) }

  /// The same, after what has changed in the run directories was taken over.
  package func refreshedRuns() throws -> [IndexedRun] {
    guard let known = try refreshKeeping().runs else { return try runs() }
    return try known.live(in: workspace)
  }

  /// Runs by name; a name that is unknown is left out.
  package func runs(named names: [String]) throws -> [IndexedRun] {
    let known = Dictionary(uniqueKeysWithValues: try read(IndexDatabase.runs).map { ($0.name, $0) })
    return try names.compactMap { known[$0] }.live(in: workspace)
  }

  /// The finished epochs of each of these runs, in order; a name that is unknown is left out.
  package func epochs(of names: Set<String>) throws -> [String: [EpochRecord]] {
    try read { db in
      let runs = try IndexDatabase.runs(db).filter { names.contains($0.name) }
      return Dictionary(uniqueKeysWithValues: try runs.map { ($0.name, try IndexDatabase.epochs(of: $0, db)) })
    }
  }

  /// How many runs are in each state.
  package func counts() throws -> [RunState: Int] {
    try runs().reduce(into: [:]) { $0[$1.state, default: 0] += 1 }
  }

  /// The fields in which the plans of these runs differ, by their paths.
  package func planDifferences(_ names: [String]) throws -> [JSONDifference] {
    PlanFields(of: try runs(named: names)).differences
  }
}

extension [IndexedRun] {
  /// With their states now. In place: of thousands few are not finished.
  fileprivate consuming func live(in workspace: Workspace) throws -> [IndexedRun] {
    for place in indices where self[place].state != .finished { self[place] = try self[place].live(in: workspace) }
    return self
  }
}

extension IndexedRun {
  /// With its state now: a journal cannot know that its worker is alive, the lock can.
  func live(in workspace: Workspace) throws -> IndexedRun {
    if state == .finished { return self }
    var run = self
    do {
      if try RunLock.isHeld(workspace.runDirectory(named: name)) { run.state = .running }
    } catch let error as SystemError where error.isOfOneFile {
      run.add(notice: "\(error)")
    }
    return run
  }
}
