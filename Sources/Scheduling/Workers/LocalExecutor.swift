import Foundation
import System

/// Workers as child processes of this one: the same executable, `safnet worker RUN-DIRECTORY --threads N`.
///
/// Each writes to its own log in its run directory. A worker's crash, trap or out-of-memory ends one run.
package final class LocalExecutor: Executor {
  private let executable: URL
  private let arguments: (Job) -> [String]
  private var children: [String: ChildProcess] = [:]
  private var logs: [String: URL] = [:]

  package init(executable: URL, arguments: @escaping (Job) -> [String]) {
    (self.executable, self.arguments) = (executable, arguments)
  }

  /// Whatever made the coordinator leave: its workers save and leave first.
  deinit {
    for child in children.values { child.letGo() }
    for child in children.values { _ = child.wait() }
  }

  package func submit(_ jobs: [Job]) -> [String: String] {
    jobs.reduce(into: [:]) { refused, job in
      precondition(children[job.name] == nil, "\(job.name) runs already")
      do {
        children[job.name] = try ChildProcess(executable: executable, arguments: arguments(job), log: job.run.log)
        logs[job.name] = job.run.log
      } catch {
        refused[job.name] = "\(error)"
      }
    }
  }

  package func poll() -> [(name: String, status: JobStatus)] {
    children.sorted { $0.key < $1.key }.map { name, child in
      guard let status = child.poll() else { return (name, .running) }
      children[name] = nil
      let end = JobEnd(status)
      if case .crashed = end, let log = logs[name] { LogTail.append(Self.lastWords(end), to: log) }
      return (name, .ended(end))
    }
  }

  /// A worker that is killed says nothing, and one that traps says nothing either where it was built for speed.
  private static func lastWords(_ end: JobEnd) -> String {
    "\(Date().formatted(.iso8601)): this worker \(end.reason)"
  }

  package func interrupt(_ names: [String]) { for name in names { children[name]?.send(SIGTERM) } }

  package func kill(_ names: [String]) { for name in names { children[name]?.send(SIGKILL) } }
}

extension ExecutorEntry {
  /// As many workers at once as cores and memory of this machine hold. They stop when this process ends: it holds
  /// their standard input.
  package static let local = ExecutorEntry(
    name: "local", summary: "child processes on this machine",
    allotment: { demand in
      Allotment(
        cores: demand.machine.cores, memory: demand.machine.freeMemory, memoryPerRun: demand.memoryPerRun,
        runs: demand.runs, jobs: demand.jobs, threads: demand.threads)
    },
    make: { context in
      LocalExecutor(
        executable: context.program, arguments: { context.workerArguments($0) + ["--lifeline"] })
    })
}
