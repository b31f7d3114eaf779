import Experiments
import Foundation
import Store
import System
import Text

/// Which runs `safnet runs remove` takes away when it is not given their names.
package struct RemovableRuns {
  /// Only runs in this state.
  package var state: RunState?
  /// Only runs that nobody asks for: neither one of these experiments as their files say now, nor another that the workspace
  /// knows, as its last `safnet run` did or its file says now, nor another file of one's name, as it says now.
  package var unclaimedBy: [Specification]?

  package init(state: RunState? = nil, unclaimedBy: [Specification]? = nil) {
    (self.state, self.unclaimedBy) = (state, unclaimedBy)
  }

  /// By name. Neither a run that is being trained nor an imported method is among them: those have to be named. What nobody asks
  /// for may be of a sweep that is at work all the same, and stays.
  ///
  /// - Throws: `UsageError` or `UnreadableRecords` where it is not known what is asked for; `UsageError` where that is what is being
  ///   trained, or waits for its sweep.
  package func names(in workspace: Workspace) throws -> [String] {
    try workspace.requireRuns()
    if state == .running { try Self.refuseRunning(in: workspace) }
    let claimed = try unclaimedBy.map { try Self.claimed(by: $0, in: workspace) }
    let chosen = try WorkspaceIndex(workspace).refreshedRuns().filter { run in
      guard run.state != .running, !workspace.runDirectory(named: run.name).isImported else { return false }
      return (state == nil || run.state == state) && claimed?.contains(run.name) != true
    }
    let awaited = Self.awaited(among: chosen, in: workspace)
    guard unclaimedBy != nil || awaited.isEmpty else {
      throw UsageError.runsAreBusy(workspace.busy([], awaited))
    }
    let left = Set(awaited.flatMap(\.names))
    return chosen.map(\.name).filter { !left.contains($0) }
  }

  private static func awaited(among runs: [IndexedRun], in workspace: Workspace) -> [BusyRuns.Awaited] {
    SweepsAtWork(workspace).awaited(among: runs.filter(\.state.isToBeTrained).map(\.name))
  }

  private static func refuseRunning(in workspace: Workspace) throws {
    let running = try WorkspaceIndex(workspace).refreshedRuns().filter { $0.state == .running }
    guard !running.isEmpty else { return }
    throw UsageError.runsAreBusy(workspace.busy(running.map { workspace.runDirectory(named: $0.name) }))
  }

  /// Why there are none, and what was perhaps meant: runs whose training has ended are in another state by then.
  package func nothingChosen(in workspace: Workspace) -> String {
    guard let state else { return "There is no such run." }
    let all = (try? WorkspaceIndex(workspace).refreshedRuns()) ?? []
    let there = all.filter { $0.state == state }
    guard there.isEmpty else { return Self.spared(there, state, in: workspace) }
    let ended: [RunState] = state == .running ? [.interrupted, .stale] : []
    let words = ended.compactMap { other -> String? in
      let count = all.count { $0.state == other }
      return count == 0
        ? nil
        : "\(count) \(count == 1 ? "is" : "are") \(other.rawValue) (--state \(other.rawValue) takes \(count == 1 ? "it" : "them"))"
    }
    return "No run here is \(state.rawValue); "
      + (words.isEmpty ? "`safnet status` shows the states of all." : words.joined(separator: ", ") + ".")
  }

  private static func spared(_ runs: [IndexedRun], _ state: RunState, in workspace: Workspace) -> String {
    let awaited = Set(Self.awaited(among: runs, in: workspace).flatMap(\.names)).count
    func are(_ count: Int) -> String {
      "\(Quantity.of(count, "run")) here \(count == 1 ? "is" : "are") \(state.rawValue)"
    }
    let asked = runs.count - awaited
    return [
      asked == 0
        ? nil
        : "\(are(asked)), and asked for by an experiment or imported: `safnet runs remove NAME` takes such by name.",
      awaited == 0
        ? nil
        : "\(are(awaited)), and \(awaited == 1 ? "waits" : "wait") in a sweep that is at work: nothing is taken before that has"
          + " ended.",
    ].compactMap(\.self).joined(separator: " ")
  }

  private static func claimed(by specifications: [Specification], in workspace: Workspace) throws -> Set<String> {
    if let unreadable = workspace.unreadableRecords { throw unreadable }
    let all = workspace.experimentRecords()
    let records = all.filter { record in !specifications.contains { $0.name == record.name } }
    guard !specifications.isEmpty || !records.isEmpty else {
      throw UsageError.nobodyClaims(workspace: workspace.root.path)
    }
    var claimed = Set(records.flatMap(\.variants).flatMap(\.runs))
    // The last `safnet run` may have been a look with `--set`.
    for record in records { claimed.formUnion(workspace.asked(byFileOf: record)) }
    for specification in specifications {
      let known = try KnownExperiment(specification, in: workspace, workers: Machine.current().cores)
      guard known.unplanned.isEmpty else { throw UsageError.unknownPlans(experiment: specification.name) }
      claimed.formUnion(known.runs.map(\.directoryName))
    }
    // Another file may have one's name.
    for record in all {
      let given = specifications.filter { $0.name == record.name }.compactMap(\.file)
      let own = given.isEmpty ? [record.file].compactMap { $0.flatMap(workspace.file) } : given
      claimed.formUnion(Namesakes(of: record, in: workspace, besides: own).claimed(in: workspace))
    }
    return claimed
  }
}

extension Workspace {
  /// What an experiment's file asks for as it says now; nothing where that is not known.
  fileprivate func asked(byFileOf record: ExperimentRecord) -> [String] {
    guard let file = record.file.flatMap(file), let specification = try? Specification.load(file),
      specification.name == record.name
    else { return [] }
    let known = try? KnownExperiment(specification, in: self, workers: Machine.current().cores)
    return known?.runs.map(\.directoryName) ?? []
  }

  /// Deletes runs that were chosen by what they are, as `remove(_:confirmed:removed:)` those that were named. One that is
  /// trained by now, or no longer in the state, is left, and said.
  package func remove(_ choice: RemovableRuns, _ names: [String], removed: (String) -> Void, left: (String) -> Void)
    throws
  {
    for name in names {
      let run = runDirectory(named: name)
      if let state = choice.state, try run.state() != state {
        left("\(name) is no longer \(state.rawValue)")
      } else if try run.remove() {
        removed(name)
      } else {
        left(run.busyWords())
      }
    }
    _ = try? WorkspaceIndex(self).refresh()
  }
}
