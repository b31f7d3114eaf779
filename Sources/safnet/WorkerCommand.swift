import ArgumentParser
import Foundation
import Scheduling
import Store
import Training
import Workbench

struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Train one run directory (started by `safnet run`).",
    discussion: """
      Trains, or goes on with, the one run whose plan is in the directory; SIGTERM, SIGINT and SIGUSR1 make it finish \
      its step, save and leave. Exit codes: 0 finished, 1 failed, 3 trained by another process, 4 would fail again, \
      130 interrupted.

      Example:
        safnet worker Workspace/runs/safnet-f1-1a2b3c4d5e6f --threads 4
      """,
    shouldDisplay: false)

  @Argument(help: "The run's directory.") var directory: String?
  @Option(help: "A list of runs, of a cluster's job.") var batch: String?
  @Option(help: "Which of them: the task's number.") var task: Int?
  @OptionGroup var engine: EngineOptions
  @Option(help: "Threads; their number changes the speed, never the result.") var threads = 1
  @Option(help: "The prepared cases; the workspace's cache, if not given.") var cache: String?
  @Flag(help: "Go on from a checkpoint of another numerics version.") var mixNumerics = false
  @Option(help: "Checkpoints to keep before the last one.") var keepCheckpoints = TrainingRun.usualEarlierCheckpoints
  @Flag(help: "Stop when standard input ends.") var lifeline = false

  func validate() throws {
    try Threads.validate(threads)
    try KeptCheckpoints.validate(keepCheckpoints)
    if (directory == nil) == (batch == nil) || (batch == nil) != (task == nil) {
      throw ValidationError("give the directory of a run, or --batch and --task")
    }
  }

  func run() throws {
    let stop = StopFlag()
    SignalWatcher.start(raising: stop)
    if lifeline { LifelineWatcher.start(raising: stop) }
    throw ExitCode(code { try work(stop) })
  }

  private func code(_ work: () throws -> Int32) -> Int32 {
    do { return try work() } catch {
      console.error("error: \(Failure.words(error))")
      return WorkerExit.code(error)
    }
  }

  private func work(_ stop: StopFlag) throws -> Int32 {
    if let directory {
      return WorkerExit.code(
        try session(RunDirectory(URL(fileURLWithPath: directory, isDirectory: true))).train(stop: stop))
    }
    let task = try BatchTask(file: URL(fileURLWithPath: batch ?? ""), task: task ?? 0)
    LogTail.redirectOutput(to: task.run.logFile)
    return code { try task.train(session(task.run), stop: stop) }
  }

  private func session(_ run: RunDirectory) throws -> WorkerSession {
    var session = WorkerSession(run, program: try engine.program())
    session.cache = cache.map { URL(fileURLWithPath: $0, isDirectory: true) }
    (session.threads, session.mixesNumerics, session.keepCheckpoints) = (threads, mixNumerics, keepCheckpoints)
    session.say = { console.error($0) }
    return session
  }
}
