import Compute
import Experiments
import Foundation
import Models
import Networks
import Store

/// One run, from wherever its directory stands to its evaluation.
///
///     lock ─▶ newest good checkpoint ─▶ [ steps ─▶ validation ─▶ best.h5? ─▶ last.h5 ] per epoch ─▶ evaluation.h5
///
/// Stopping it anywhere and running it again, with any number of threads, ends in the same bits as an undisturbed run:
/// a step depends on the plan, the position and the network's state only, and these three are what a checkpoint holds.
package struct TrainingRun {
  package let directory: RunDirectory
  package let plan: Plan
  package let cases: any CaseSource
  package let engine: any Engine
  package let threads: Int
  package let programVersion: String
  package var numericsVersion = NumericsVersion.current
  /// Whether to go on with what another numerics version began.
  package var mixesNumerics = false
  /// How many checkpoints before the last one stay while the run is trained; changes no result.
  package var earlierCheckpoints = usualEarlierCheckpoints

  /// Takes what is to be read in the run's log.
  package var say: (String) -> Void = { _ in }

  package static let usualEarlierCheckpoints = 1

  package init(
    directory: RunDirectory, cases: any CaseSource, engine: any Engine, threads: Int, programVersion: String,
    networks: NetworkRegistry = .standard, losses: LossRegistry = .standard
  ) throws {
    self.directory = directory
    plan = try directory.plan(networks: networks, losses: losses)
    (self.cases, self.engine, self.threads, self.programVersion) = (cases, engine, threads, programVersion)
  }

  package enum Outcome: Equatable, Sendable {
    case finished
    /// Stopped on request; the state is saved.
    case interrupted
    /// Another process trains this run.
    case busy
  }

  /// - Parameter progress: called after each step, validation and tested case.
  package func run(stop: StopFlag, progress: (Heartbeat) -> Void = { _ in }) throws -> Outcome {
    guard let lock = try RunLock.acquire(directory) else { return .busy }
    defer { lock.release() }
    if try directory.history().state(isLocked: false) == .finished, try directory.isWhole() {
      guard directory.lostPrediction(of: plan.fold.test) != nil else { return .finished }
      return try PredictionRestoring(self).run(stop: stop) { try lock.heartbeat() } ? .finished : .interrupted
    }
    let attempt = try RunAttempt(self, lock: lock, stop: stop)
    do {
      return try withoutActuallyEscaping(progress) { try attempt.run(progress: $0) }
    } catch StoreError.locked(let file, let holder) {
      let other = holder.map { "\($0)" } ?? "another process"
      say("\(file) was removed while the run was trained, and \(other) trains it since; it is left to that one")
      return .busy
    } catch {
      attempt.recordFailure(error)
      throw error
    }
  }
}
