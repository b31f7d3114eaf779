import Experiments
import Foundation
import Reporting
import Store
import Synchronization
import System

/// An experiment that is looked at again and again, while its runs are trained. It writes nothing.
///
/// What asks for every byte of the dataset is done once, and again only when run directories have come or gone.
package final class LiveExperiment: Sendable {
  package let specification: Specification
  private let workspace: Workspace
  private let program: RunningProgram
  private let state = Mutex(State())
  private let file: Mutex<WatchedFile>

  private struct State {
    var known: KnownExperiment?
    var statuses: LiveStatuses?
    /// Whether run directories have come or gone since `known` was made.
    var isOld = false
    /// When that was, in seconds since the system started, and how long it took.
    var (made, took) = (0.0, 0.0)
    var clusterAsked = -Double.infinity
  }

  /// - Parameter workspace: with an index folder elsewhere, so that nothing is written into it.
  package init(_ specification: Specification, in workspace: Workspace, program: RunningProgram) {
    (self.specification, self.workspace, self.program) = (specification, workspace, program)
    file = Mutex(WatchedFile(of: specification))
  }

  /// Its runs as `safnet status` shows them, and which of those are new since the last time. A cluster is asked three times a
  /// minute at most.
  package func statuses(_ look: WatchedRuns.Look) throws -> (all: [RunStatus], change: LiveStatuses.Change) {
    try state.withLock { state in
      if look.changed == nil { state.isOld = true }
      _ = try settle(&state)
      let now = ProcessInfo.processInfo.systemUptime
      let asks = now - state.clusterAsked > Self.clusterPause
      if asks { state.clusterAsked = now }
      let change = state.statuses?.take(look, asksCluster: asks)
      return (state.statuses?.all ?? [], change ?? .all)
    }
  }

  /// The report as `safnet report` would write it now.
  package func report() throws -> Report {
    try ReportSession(settled(), in: workspace, program: program).report
  }

  /// The experiment's file, by its path from the folder of `safnet report`.
  package var fileFromReport: String? {
    specification.file?.path(from: ReportSession.usualFolder(of: specification.name))
  }

  /// A slice of a test case in a report of this experiment, with every method that has tested it; nil for a case that none
  /// has.
  package func slice(_ depth: Int?, of name: String, in report: Report) throws -> Overlay.Slice? {
    try Overlay.stored(case: name, at: depth, for: report.input, cache: settled().cache, workspace: workspace)
  }

  /// What of the dataset was not looked at, and which runs are of earlier content.
  package func notices() throws -> [String] {
    let known = try settled()
    let stored = try StoredRuns(workspace)
    return known.notices + PlanChanges.Kind.allCases.compactMap { known.changes(in: stored, $0).text }
  }

  /// What has become of the experiment's file since it was read: what is shown stays what it asked for then.
  package func noticeOfFile() -> String? { file.withLock { $0.look() } }

  private func settled() throws -> KnownExperiment {
    try state.withLock { try settle(&$0) }
  }

  private func settle(_ state: inout State) throws -> KnownExperiment {
    let now = ProcessInfo.processInfo.systemUptime
    if let known = state.known {
      guard state.isOld && now - state.made > max(Self.pause, Self.share * state.took) else { return known }
    }
    let known = try KnownExperiment(specification, in: workspace, workers: Machine.current().cores)
    state.statuses = LiveStatuses(try StatusBoard(workspace: workspace, of: known), in: workspace)
    (state.known, state.isOld) = (known, false)
    state.made = ProcessInfo.processInfo.systemUptime
    state.took = state.made - now
    return known
  }

  /// Seconds before the dataset is looked at again, and how much longer than a look itself that is.
  private static let (pause, share) = (1.0, 20.0)
  private static let clusterPause = 20.0
}
