import Foundation
import Scheduling
import Store
import Training
import Volumes

/// `safnet worker`: trains one run directory, and writes how far it is beside its journal.
package struct WorkerSession {
  private let run: RunDirectory
  private let program: RunningProgram
  package var threads = 1
  /// The prepared cases; nil: those of the workspace that the run stands in.
  package var cache: URL?
  /// Go on from a checkpoint of another numerics version.
  package var mixesNumerics = false
  package var keepCheckpoints = TrainingRun.usualEarlierCheckpoints
  /// Takes what is to be read in the run's log.
  package var say: (String) -> Void = { _ in }
  /// Called with every heartbeat.
  package var onHeartbeat: () -> Void = {}

  package init(_ run: RunDirectory, program: RunningProgram) { (self.run, self.program) = (run, program) }

  package func train(stop: StopFlag) throws -> TrainingRun.Outcome {
    var training = try TrainingRun(
      directory: run, cases: cases(), engine: program.engine, threads: threads, programVersion: program.version,
      networks: program.networks, losses: program.losses)
    training.mixesNumerics = mixesNumerics
    training.earlierCheckpoints = keepCheckpoints
    training.say = say
    let heartbeat = HeartbeatWriter(directory: run.url)
    return try training.run(stop: stop) {
      heartbeat.write($0)
      onHeartbeat()
    }
  }

  private func cases() throws -> PreparedCache {
    let plan = try run.plan(networks: program.networks, losses: program.losses)
    return PreparedCache(
      directory: cache ?? run.workspace.cacheFolder, fingerprint: plan.dataset.digest, labels: plan.structures,
      preprocessing: plan.preprocessing)
  }
}

extension WorkerExit {
  /// The exit code that tells the scheduler how a worker ended.
  package static func code(_ outcome: TrainingRun.Outcome) -> Int32 {
    switch outcome {
    case .finished: finished
    case .interrupted: interrupted
    case .busy: busy
    }
  }

  package static func code(_ error: any Error) -> Int32 { isFinal(error) ? refused : failed }
}

/// Writes a run's progress beside its journal, about once a second and whenever its phase changes.
private final class HeartbeatWriter {
  private let directory: URL
  private var last: (time: ContinuousClock.Instant, phase: Heartbeat.Phase, epoch: Int)?

  init(directory: URL) { self.directory = directory }

  func write(_ heartbeat: Heartbeat) {
    let now = ContinuousClock.now
    if let last, last.phase == heartbeat.phase, last.epoch == heartbeat.epoch, now - last.time < .seconds(1) { return }
    last = (now, heartbeat.phase, heartbeat.epoch)
    heartbeat.write(in: directory)
  }
}
