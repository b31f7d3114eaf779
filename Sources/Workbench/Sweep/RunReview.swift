import Experiments
import Foundation
import Store
import System
import Training

/// What the directories of a sweep's runs say before anything starts: which runs are finished, which of those must be
/// mended, and which cannot go on.
struct RunReview {
  /// A run that this sweep leaves alone, and why.
  struct Refusal {
    let run: PlannedRun
    let reason: String
  }

  private(set) var unfinished: [PlannedRun] = []
  private(set) var refused: [Refusal] = []
  /// Finished once, with files that are lost or damaged since: what is wrong, by the run's name.
  private(set) var flaws: [String: String] = [:]
  /// Those of them that lack label maps of test cases and nothing else.
  private(set) var lostPredictions: Set<String> = []
  /// What was put right already, and what is wrong and needs no training.
  private(set) var notices: [String] = []

  private let workspace: Workspace

  /// - Parameters:
  ///   - mixesNumerics: whether to go on with what another numerics version began.
  ///   - environment: for plans that are written anew; nil: none is, as in a dry run.
  init(
    _ runs: [PlannedRun], in workspace: Workspace, mixesNumerics: Bool, environment: (() -> EnvironmentRecord)?
  ) throws {
    self.workspace = workspace
    let free = runs.filter { !isBlocked($0, by: directory($0).obstacle(amongLogs: true)) }
    let sound = try environment.map { try restorePlans(of: free, $0) } ?? withoutForeignPlans(free)
    let known = try states(of: sound)
    for run in sound {
      let indexed = known[run.directoryName]
      if indexed?.notice != nil, environment != nil { cutBehindEnd(of: run) }
      let notice = indexed?.notice == nil ? nil : try directory(run).findingsForSweep()
      if let notice, indexed?.state == .damaged || indexed?.state == .finished {
        if try isToBeMended(run) {
          flaws[run.directoryName] = notice
        } else {
          notices.append("\(run.label): \(notice)")
        }
      } else if let notice, indexed?.state == .queued {
        notices.append("\(run.label): \(notice)")
      }
      if indexed?.state == .finished, flaws[run.directoryName] == nil,
        let lost = directory(run).lostPrediction(of: run.plan.fold.test)
      {
        if try otherNumerics(run) == nil {
          flaws[run.directoryName] = "\(lost); its test cases are predicted again"
          lostPredictions.insert(run.directoryName)
        } else {
          notices.append(
            "\(run.label): \(lost), and stays so: this program computes other bits than the run was trained with")
        }
      }
      if indexed?.state == .finished, flaws[run.directoryName] == nil { continue }
      if isBlocked(run, by: directory(run).obstacle(amongLogs: false)) { continue }
      if !mixesNumerics, let reason = try otherNumerics(run) {
        refused.append(Refusal(run: run, reason: reason))
      } else {
        unfinished.append(run)
      }
    }
  }

  /// What stands in the way of a run's files would cost all its tries, one after the other.
  private mutating func isBlocked(_ run: PlannedRun, by obstacle: String?) -> Bool {
    guard let obstacle else { return false }
    refused.append(Refusal(run: run, reason: obstacle))
    return true
  }

  func directory(_ run: PlannedRun) -> RunDirectory { workspace.runDirectory(named: run.directoryName) }

  /// Writes the plans of begun runs anew where they are lost or damaged: a sweep knows them. One that must not be touched
  /// costs its own run only.
  private mutating func restorePlans(
    of runs: [PlannedRun], _ environment: () -> EnvironmentRecord
  ) throws -> [PlannedRun] {
    try runs.filter { run in
      let directory = directory(run)
      guard directory.exists else { return true }
      do {
        if (try? directory.readPlan().identity) == run.identity { return true }
        let done = try directory.create(
          planJSON: run.plan.canonicalJSON, identity: run.identity, environment: environment())
        if case .restored(let cause) = done {
          notices.append("\(run.label): \(directory.planFile.path) \(cause); it was written anew")
        }
        return true
      } catch let error as StoreError {
        refused.append(Refusal(run: run, reason: "\(error)"))
        return false
      }
    }
  }

  /// A finished run is not trained, and no worker would mend its journal.
  private mutating func cutBehindEnd(of run: PlannedRun) {
    do {
      if let done = try directory(run).cutBehindEnd() { notices.append("\(run.label): \(done)") }
    } catch {
      notices.append("\(run.label): \(error)")
    }
  }

  /// In a dry run: those whose plan is another's are refused as they will be, and nothing is written.
  private mutating func withoutForeignPlans(_ runs: [PlannedRun]) -> [PlannedRun] {
    runs.filter { run in
      let directory = directory(run)
      guard directory.exists, let found = directory.occupant(insteadOf: run.identity) else { return true }
      let error = StoreError.otherPlan(file: directory.planFile.path, expected: run.identity, found: found)
      refused.append(Refusal(run: run, reason: "\(error)"))
      return false
    }
  }

  /// Of a finished run of which something is lost: whether that is more than the network that was not tested.
  private func isToBeMended(_ run: PlannedRun) throws -> Bool {
    do {
      return try !directory(run).isWhole()
    } catch let error as SystemError where error.isLack {
      return false
    }
  }

  /// As the index knows them: it has looked at every bit of a finished run, once.
  private func states(of runs: [PlannedRun]) throws -> [String: IndexedRun] {
    let index = WorkspaceIndex(workspace)
    try index.refresh()
    let known = try index.runs(named: runs.map(\.directoryName))
    return Dictionary(known.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Said before a worker is started, which would refuse the run.
  private func otherNumerics(_ run: PlannedRun) throws -> String? {
    let directory = directory(run)
    let checkpoints = [directory.lastCheckpoint, directory.bestCheckpoint] + directory.earlierCheckpoints()
    guard checkpoints.contains(where: { access($0.path, F_OK) == 0 }),
      let begun = try directory.history().numerics.last, begun != .current
    else { return nil }
    return "\(RunError.otherNumerics(run: run.directoryName, begun: begun, now: .current))"
  }
}
