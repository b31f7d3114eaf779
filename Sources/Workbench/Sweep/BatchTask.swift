import Foundation
import Scheduling
import Slurm
import Store
import System
import Training

/// The run that a task of a cluster's job is to train.
package struct BatchTask {
  package let run: RunDirectory
  private let savedBefore: Int
  private let use: UseRecorder

  /// Waits for the list of runs, which another host has written a moment ago.
  package init(file: URL, task: Int, patience: Double = 90) throws {
    let batch = try Self.read(file, until: Date(timeIntervalSinceNow: patience))
    guard batch.runs.indices.contains(task) else {
      throw BatchError.noTask(file: file.path, task: task, tasks: batch.runs.count)
    }
    // WORKSPACE/slurm/SWEEP/N.json
    let workspace = (0..<3).reduce(file.standardizedFileURL) { url, _ in url.deletingLastPathComponent() }
    run = Workspace(workspace).runDirectory(named: batch.runs[task])
    savedBefore = Self.saved(run)
    use = UseRecorder(BatchFolder.useFile(batch: file, task: task))
  }

  /// Lets a worker train it, and writes down what that takes of processors, memory and time.
  package func train(_ session: WorkerSession, stop: StopFlag) throws -> Int32 {
    var session = session
    session.onHeartbeat = use.note
    do {
      let outcome = try session.train(stop: stop)
      use.finish(TaskUse.End(outcome))
      return exitCode(of: outcome)
    } catch {
      use.finish(.failed)
      throw error
    }
  }

  private static func read(_ file: URL, until deadline: Date) throws -> RunBatch {
    while true {
      do { return try BatchFolder.read(file) } catch let error as SystemError where error.code == ENOENT {
        guard deadline.timeIntervalSinceNow > 0 else { throw error }
        // To list a folder makes a network disk look again.
        _ = try? Folder.names(in: file.deletingLastPathComponent())
        sleep(1)
      }
    }
  }

  /// What the job's script is told. It hands the job in again for a worker that has saved something new and was asked to
  /// leave; a second worker of a run is no failure.
  package func exitCode(of outcome: TrainingRun.Outcome) -> Int32 {
    switch outcome {
    case .finished, .busy: WorkerExit.finished
    case .interrupted: Self.saved(run) == savedBefore ? WorkerExit.finished : WorkerExit.interrupted
    }
  }

  private static func saved(_ run: RunDirectory) -> Int {
    var status = stat()
    guard stat(run.lastCheckpoint.path, &status) == 0 else { return 0 }
    return status.st_mtim.tv_sec &* 1_000_000 &+ status.st_mtim.tv_nsec / 1000
  }
}

extension TaskUse.End {
  fileprivate init(_ outcome: TrainingRun.Outcome) {
    self =
      switch outcome {
      case .finished: .finished
      case .interrupted: .interrupted
      case .busy: .busy
      }
  }
}
