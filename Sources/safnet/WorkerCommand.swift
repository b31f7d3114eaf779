import ArgumentParser
import Experiments
import Foundation
import Scheduling
import Store
import Training
import Volumes

struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Train one run directory (started by `safnet run`).",
    discussion: """
      Trains, or goes on with, the one run whose plan is in the directory; SIGTERM, SIGINT and SIGUSR1 make it finish
      its step, save and leave. Exit codes: 0 finished, 1 failed, 3 trained by another process, 4 would fail again,
      130 interrupted.

      Example:
        safnet worker Workspace/runs/safnet-f1-1a2b3c4d5e6f --threads 4
      """,
    shouldDisplay: false)

  @Argument(help: "The run's directory.") var directory: String
  @Option(help: "Threads; their number changes the speed, never the result.") var threads = 1
  @Option(help: "The prepared cases; the workspace's cache, if not given.") var cache: String?
  @Flag(help: "Go on from a checkpoint of another numerics version.") var mixNumerics = false
  @Option(help: "Checkpoints to keep before the last one.") var keepCheckpoints = TrainingRun.usualEarlierCheckpoints
  @Flag(help: "Stop when standard input ends.") var lifeline = false

  func validate() throws {
    if threads < 1 { throw ValidationError("--threads must be at least 1") }
    try KeptCheckpoints.validate(keepCheckpoints)
  }

  func run() throws {
    let stop = StopFlag()
    SignalWatcher.start(raising: stop)
    if lifeline { LifelineWatcher.start(raising: stop) }
    do {
      throw ExitCode(code(try train(stop)))
    } catch let code as ExitCode {
      throw code
    } catch {
      Console.error("error: \(Failure.words(error))")
      throw ExitCode(isFinal(error) ? WorkerExit.refused : WorkerExit.failed)
    }
  }

  private func train(_ stop: StopFlag) throws -> TrainingRun.Outcome {
    let run = RunDirectory(URL(fileURLWithPath: directory, isDirectory: true))
    var training = try TrainingRun(
      directory: run, cases: cases(of: run), engine: engines.standard, threads: threads, programVersion: programVersion)
    training.mixesNumerics = mixNumerics
    training.earlierCheckpoints = keepCheckpoints
    let heartbeat = HeartbeatWriter(directory: run.url)
    return try training.run(stop: stop) { heartbeat.write($0) }
  }

  /// The cache belongs to the workspace that the run stands in.
  private func cases(of run: RunDirectory) throws -> PreparedCache {
    let plan = try run.plan()
    let workspace = run.url.standardizedFileURL.deletingLastPathComponent().deletingLastPathComponent()
    let folder = cache.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? Workspace(workspace).cacheFolder
    return PreparedCache(
      directory: folder, fingerprint: plan.dataset.digest, labels: plan.structures, preprocessing: plan.preprocessing)
  }

  private func code(_ outcome: TrainingRun.Outcome) -> Int32 {
    switch outcome {
    case .finished: WorkerExit.finished
    case .interrupted: WorkerExit.interrupted
    case .busy: WorkerExit.busy
    }
  }
}

/// Writes a run's progress beside its journal, about once a second and whenever its phase changes.
final class HeartbeatWriter {
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
