import Compute
import Foundation
import Store
import System

/// A sweep of which something is killed or interrupted at random instants until it is finished all the same; each time
/// it goes on with other numbers of workers and threads.
struct DisturbedSweep {
  private enum Target: Int, CaseIterable {
    case worker, coordinator
    /// The coordinator and its workers at once: as if the machine went down.
    case everything
  }

  let program: URL
  let experiment: URL
  let workspace: Workspace
  /// The name of what computes.
  let engine: String
  /// Workers at once, at most 2: a device takes one.
  let mostJobs: Int
  /// Seconds between two disturbances: uniform from nothing to this.
  let longestPause: Double

  /// Counts in `outcome` the instants at which something met a process at work, or several at once; from `limit` kills on,
  /// the sweep is left in peace.
  func run(
    _ outcome: inout VerificationOutcome, atMost limit: Int, _ random: inout RandomStream, _ report: (String) -> Void
  ) throws {
    var sweep = try start(&random)
    while outcome.kills < limit {
      Thread.sleep(forTimeInterval: Double(random.nextUniform()) * longestPause)
      guard sweep.isRunning else { break }
      let signal = random.nextInt(below: 4) == 0 ? SIGTERM : SIGKILL
      let target = Target.allCases[random.nextInt(below: Target.allCases.count)]
      let victims = workers
      let hits = target == .worker ? hit(victims, with: signal, &random) : end(sweep, target, victims, by: signal)
      if hits > 0 {
        if signal == SIGKILL { outcome.kills += 1 } else { outcome.interruptions += 1 }
        report("\(outcome.kills) of \(limit): \(signal == SIGKILL ? "SIGKILL" : "SIGTERM") to \(words(target, hits))")
      }
      if !sweep.isRunning && hits > 0 { sweep = try start(&random) }
    }
    try sweep.finish()
  }

  private func start(_ random: inout RandomStream) throws -> SweepProcess {
    let (jobs, threads) = (1 + random.nextInt(below: 2), 1 + random.nextInt(below: 2))
    return try SweepProcess(
      program, experiment, in: workspace, engine: engine, jobs: min(jobs, mostJobs), threads: threads)
  }

  private func hit(_ workers: [pid_t], with signal: Int32, _ random: inout RandomStream) -> Int {
    guard !workers.isEmpty else { return 0 }
    return kill(workers[random.nextInt(below: workers.count)], signal) == 0 ? 1 : 0
  }

  private func end(_ sweep: SweepProcess, _ target: Target, _ workers: [pid_t], by signal: Int32) -> Int {
    // Workers first, or their coordinator's end would give them time to save.
    let others = target == .everything && signal == SIGKILL ? workers.count { kill($0, signal) == 0 } : 0
    return others + (sweep.end(by: signal) ? 1 : 0)
  }

  private func words(_ target: Target, _ hits: Int) -> String {
    switch target {
    case .worker: "a worker"
    case .coordinator: "the coordinator"
    case .everything: hits > 1 ? "all \(hits) processes" : "the coordinator"
    }
  }

  /// The processes that hold a run's lock.
  private var workers: [pid_t] {
    ((try? workspace.runDirectories()) ?? []).compactMap { run in
      guard let probe = try? RunLock.probe(run), probe.isHeld, probe.holder?.pid != Int(getpid()) else { return nil }
      return probe.holder.flatMap { pid_t(exactly: $0.pid) }
    }.filter(isOurs)
  }

  /// A lock that was taken this instant still names its last holder, whose number may be another process's by now.
  private func isOurs(_ process: pid_t) -> Bool {
    ProgramFile.isRunning(program, inProcess: process)
  }
}
