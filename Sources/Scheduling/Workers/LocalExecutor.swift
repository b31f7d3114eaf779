import Foundation
import System

/// Workers as child processes of this one: the same executable, `safnet worker RUN-DIRECTORY --threads N`.
///
/// Each writes to its own log in its run directory. A worker's crash, trap or out-of-memory ends one run.
package final class LocalExecutor: Executor {
  private let executable: URL
  private let arguments: (Job) -> [String]
  private let log: (Job) -> URL
  private var children: [String: ChildProcess] = [:]

  package init(executable: URL, arguments: @escaping (Job) -> [String], log: @escaping (Job) -> URL) {
    (self.executable, self.arguments, self.log) = (executable, arguments, log)
  }

  /// Whatever made the coordinator leave: its workers save and leave first.
  deinit {
    for child in children.values { child.letGo() }
    for child in children.values { _ = child.wait() }
  }

  package func start(_ job: Job) throws {
    precondition(children[job.name] == nil, "\(job.name) runs already")
    children[job.name] = try ChildProcess(executable: executable, arguments: arguments(job), log: log(job))
  }

  package func collectEnded() -> [(name: String, end: JobEnd)] {
    let ended = children.sorted { $0.key < $1.key }.compactMap { name, child in
      child.poll().map { (name: name, end: JobEnd($0)) }
    }
    for (name, _) in ended { children[name] = nil }
    return ended
  }

  package func interrupt(_ name: String) { children[name]?.send(SIGTERM) }

  package func kill(_ name: String) { children[name]?.send(SIGKILL) }
}
