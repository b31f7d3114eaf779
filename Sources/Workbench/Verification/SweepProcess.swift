import Foundation
import Scheduling
import Store
import System

/// One `safnet run` as a child process.
struct SweepProcess {
  private let process: ChildProcess
  private let log: URL

  init(
    _ program: URL, _ experiment: URL, in workspace: Workspace, engine: String, jobs: Int, threads: Int
  ) throws {
    log = workspace.root.appendingPathExtension("log")
    process = try ChildProcess(
      executable: program,
      arguments: [
        "run", experiment.path, "--workspace", workspace.root.path, "--engine", engine, "--jobs", "\(jobs)",
        "--threads", "\(threads)", "--retries", "1000", "--lifeline",
      ], log: log)
  }

  var isRunning: Bool { process.poll() == nil }

  /// Sends a signal and waits for the end; whether the process ended by it or, for SIGTERM, because of it.
  func end(by signal: Int32) -> Bool {
    process.send(signal)
    let end = JobEnd(process.wait())
    return end == .crashed(signal: signal) || (signal == SIGTERM && end == .interrupted)
  }

  /// Waits for the end, which must be a good one.
  func finish() throws {
    let end = JobEnd(process.wait())
    guard end == .finished else { throw SweepFailure(end: end, log: LogTail.read(log)) }
  }

  struct SweepFailure: Error, CustomStringConvertible {
    let end: JobEnd
    let log: [String]
    var description: String { (["the sweep \(end.reason):"] + log).joined(separator: "\n  ") }
  }
}
