import Scheduling
import Store
import Training
import Workbench

/// What a new executor takes: this file, and its line in a list of executors. It trains inside this process, one run
/// after the other.
final class OneByOneExecutor: Executor {
  private let program: RunningProgram
  private let told: (Job) -> Void
  private var waiting: [Job] = []

  init(_ program: RunningProgram, told: @escaping (Job) -> Void) { (self.program, self.told) = (program, told) }

  func submit(_ jobs: [Job]) -> [String: String] {
    waiting += jobs
    return [:]
  }

  func poll() -> [(name: String, status: JobStatus)] {
    guard !waiting.isEmpty else { return [] }
    let job = waiting.removeFirst()
    told(job)
    return [(job.name, .ended(train(job)))] + waiting.map { ($0.name, .queued(reason: "one by one")) }
  }

  // Nobody asks while a run is trained, and the test never stops.
  func interrupt(_ names: [String]) {}
  func kill(_ names: [String]) {}

  private func train(_ job: Job) -> JobEnd {
    do {
      switch try WorkerSession(RunDirectory(job.run.directory), program: program).train(stop: StopFlag()) {
      case .finished: return .finished
      case .interrupted: return .interrupted
      case .busy: return .busy
      }
    } catch {
      return .notStarted(reason: "\(error)")
    }
  }
}

extension ExecutorEntry {
  /// - Parameter told: hears how each worker would have been started, were it a process.
  static func oneByOne(
    _ program: RunningProgram, told: @escaping @Sendable ([String]) -> Void = { _ in }
  ) -> ExecutorEntry {
    ExecutorEntry(
      name: "one-by-one", summary: "this process itself",
      allotment: { demand in
        Allotment(cores: 1, memory: demand.memoryPerRun, memoryPerRun: demand.memoryPerRun, runs: demand.runs, jobs: 2)
      },
      make: { context in OneByOneExecutor(program) { told(context.workerArguments($0)) } })
  }
}
