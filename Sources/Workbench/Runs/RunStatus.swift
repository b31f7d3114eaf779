import Experiments
import Foundation
import Scheduling
import Store
import System

/// One run as `safnet status` shows it.
package struct RunStatus: Codable, Equatable, Sendable {
  package var run: String
  package var variant: String?
  package var fold: Int?
  package var state: RunState
  /// Finished epochs, and those of the plan when it is known.
  package var epochs: Int
  package var plannedEpochs: Int?
  /// Best validation score, 0 to 1.
  package var best: Double?
  /// Mean Dice of the test cases, 0 to 1.
  package var testDice: Double?
  package var seconds: Double
  /// Of a run that is being trained.
  package var secondsLeft: Double?
  package var failure: String?
  package var logTail: [String]?
  package var notice: String?

  package init(run: String, state: RunState = .queued) {
    (self.run, self.state) = (run, state)
    (epochs, seconds) = (0, 0)
  }
}

/// Reads the states of an experiment's runs, or of all.
package struct StatusBoard {
  private let workspace: Workspace
  private let runs: [PlannedRun]?

  package init(workspace: Workspace, runs: [PlannedRun]?) throws {
    (self.workspace, self.runs) = (workspace, runs)
  }

  /// - Parameter specification: of the experiment whose runs are shown; nil: every run of the workspace.
  package init(workspace: Workspace, of specification: Specification?, console: any Console) throws {
    let opened = try specification.map { specification in
      try ExperimentOpening(
        specification: specification, workspace: workspace, workers: Machine.current().cores,
        report: PreparationLines(console).show
      ).open()
    }
    try self.init(workspace: workspace, runs: opened?.plan.runs)
  }

  package func read() throws -> [RunStatus] {
    let index = WorkspaceIndex(workspace)
    _ = try index.refresh()
    let known = Dictionary(uniqueKeysWithValues: try index.runs().map { ($0.name, $0) })
    guard let runs else { return known.values.sorted { $0.name < $1.name }.map(status) }
    return runs.map { planned in
      var status = known[planned.directoryName].map(status) ?? RunStatus(run: planned.directoryName)
      (status.variant, status.fold) = (planned.variant, planned.fold)
      status.plannedEpochs = planned.plan.training.epochs
      return status
    }
  }

  private func status(_ run: IndexedRun) -> RunStatus {
    let directory = workspace.runDirectory(named: run.name)
    var status = RunStatus(run: run.name, state: run.state)
    (status.epochs, status.best, status.testDice) = (run.epochs, run.bestMonitor, run.testDice)
    (status.seconds, status.failure, status.notice) = (run.seconds, run.failure, run.notice)
    if run.state == .running { status.secondsLeft = Heartbeat.read(in: directory.url)?.secondsLeft }
    if run.state == .failed || run.state == .stale { status.logTail = LogTail.read(directory.logFile) }
    return status
  }
}
