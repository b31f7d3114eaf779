import CPU
import Experiments
import Foundation
import Scheduling
import Store
import Training
import Volumes

/// What a new executor takes: this file, and its line in a list of executors. It trains inside this process, one run
/// after the other.
final class OneByOneExecutor: Executor {
  private let workspace: Workspace
  private var waiting: [Job] = []

  init(_ workspace: Workspace) { self.workspace = workspace }

  func submit(_ jobs: [Job]) -> [String: String] {
    waiting += jobs
    return [:]
  }

  func poll() -> [(name: String, status: JobStatus)] {
    guard !waiting.isEmpty else { return [] }
    let job = waiting.removeFirst()
    return [(job.name, .ended(train(job)))] + waiting.map { ($0.name, .queued(reason: "one by one")) }
  }

  // Nobody asks while a run is trained, and the test never stops.
  func interrupt(_ names: [String]) {}
  func kill(_ names: [String]) {}

  private func train(_ job: Job) -> JobEnd {
    do {
      let run = RunDirectory(job.run.directory)
      let plan = try run.plan()
      let cases = PreparedCache(
        directory: workspace.cacheFolder, fingerprint: plan.dataset.digest, labels: plan.structures,
        preprocessing: plan.preprocessing)
      let training = try TrainingRun(
        directory: run, cases: cases, engine: CPUEngine(), threads: job.threads, programVersion: "toy")
      switch try training.run(stop: StopFlag()) {
      case .finished: return .finished
      case .interrupted: return .interrupted
      case .busy: return .busy
      }
    } catch {
      return .failed(status: WorkerExit.failed)
    }
  }
}

extension ExecutorEntry {
  static let oneByOne = ExecutorEntry(
    name: "one-by-one", summary: "this process itself",
    allotment: { demand in
      Allotment(cores: 1, memory: demand.memoryPerRun, memoryPerRun: demand.memoryPerRun, runs: demand.runs, jobs: 2)
    },
    make: { OneByOneExecutor(Workspace($0.workspace)) })
}
