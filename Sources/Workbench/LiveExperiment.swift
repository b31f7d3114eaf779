import Experiments
import Foundation
import Reporting
import Store
import Synchronization
import System

/// An experiment that is looked at again and again, while its runs are trained. It writes nothing.
///
/// What asks for every byte of the dataset is done once, and again only when run directories have come or gone; statuses and
/// the report are read from the runs each time.
package final class LiveExperiment: Sendable {
  package let specification: Specification
  private let workspace: Workspace
  private let program: RunningProgram
  private let state = Mutex(State())

  private struct State {
    var known: KnownExperiment?
    var board: StatusBoard?
    /// The run directories that `known` was made beside, and when that was, in seconds since the system started.
    var directories: [String] = []
    var made = 0.0
    var took = 0.0
    var clusterWords: [String: String] = [:]
    var clusterAsked = -Double.infinity
  }

  /// - Parameter workspace: with an index folder elsewhere, so that nothing is written into it.
  package init(_ specification: Specification, in workspace: Workspace, program: RunningProgram) {
    (self.specification, self.workspace, self.program) = (specification, workspace, program)
  }

  /// Its runs as `safnet status` shows them. A cluster is asked three times a minute at most.
  package func statuses() throws -> [RunStatus] {
    try state.withLock { state in
      _ = try settle(&state)
      let now = ProcessInfo.processInfo.systemUptime
      let asks = now - state.clusterAsked > Self.clusterPause
      var statuses = try state.board?.read(asksCluster: asks) ?? []
      if asks {
        state.clusterAsked = now
        state.clusterWords = Dictionary(
          statuses.compactMap { status in status.cluster.map { (status.run, $0) } }, uniquingKeysWith: { $1 })
      }
      for index in statuses.indices { statuses[index].cluster = state.clusterWords[statuses[index].run] }
      return statuses
    }
  }

  /// The report as `safnet report` would write it now.
  package func report() throws -> Report {
    try ReportSession(settled(), in: workspace, program: program).report
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
    return known.notices + [PlanChanges.Kind.finished, .running].compactMap { known.changes(in: stored, $0).text }
  }

  private func settled() throws -> KnownExperiment {
    try state.withLock { try settle(&$0) }
  }

  private func settle(_ state: inout State) throws -> KnownExperiment {
    let directories = (try? workspace.runNames()) ?? []
    let now = ProcessInfo.processInfo.systemUptime
    let isOld = state.directories != directories && now - state.made > max(Self.pause, Self.share * state.took)
    if let known = state.known, !isOld { return known }
    let known = try KnownExperiment(specification, in: workspace, workers: Machine.current().cores)
    state.board = try StatusBoard(workspace: workspace, of: known)
    (state.known, state.directories) = (known, directories)
    state.made = ProcessInfo.processInfo.systemUptime
    state.took = state.made - now
    return known
  }

  /// Seconds before the dataset is looked at again, and how much longer than a look itself that is.
  private static let (pause, share) = (1.0, 20.0)
  private static let clusterPause = 20.0
}
