import Foundation
import System

/// How a worker ended, read from its exit status: all that the scheduler ever learns from a process.
package enum JobEnd: Equatable, Sendable {
  /// The run is complete: every epoch trained, every test case evaluated.
  case finished
  /// The worker was asked to stop, saved its state and left.
  case interrupted
  /// Another worker holds the run's lock.
  case busy
  /// An error that training again would meet again: divergence, a checkpoint that was refused, a damaged case.
  case refused
  /// An error that may pass: a full disk, a file that could not be read.
  case failed(status: Int32)
  /// There was no process: too many of them, a log that cannot be opened.
  case notStarted(reason: String)
  /// The process was killed or trapped.
  case crashed(signal: Int32)
  /// The executor does not know how it ended (a node failed, a time limit, gone from the queue): the run directory does.
  case lost(reason: String)
  /// Somebody ended it through the executor's own means, and wants it ended.
  case cancelled(reason: String)
  /// However it ended: what it was to write in is gone, and another worker would find it so.
  case gone(LostPlace)
}

/// What somebody has removed or moved while runs were trained in it.
package enum LostPlace: Equatable, Sendable {
  /// The folder of the run.
  case run
  /// The whole workspace, or its folder of runs.
  case workspace
}

/// The exit codes of `safnet worker`, agreed between the worker and its scheduler.
package enum WorkerExit {
  package static let finished: Int32 = 0
  package static let failed: Int32 = 1
  package static let busy: Int32 = 3
  package static let refused: Int32 = 4
  package static let interrupted: Int32 = 130
}

extension JobEnd {
  /// What a worker's exit code means.
  package init(_ end: ChildProcess.End) {
    switch end {
    case .killed(let signal): self = .crashed(signal: signal)
    case .exited(WorkerExit.finished): self = .finished
    case .exited(WorkerExit.interrupted): self = .interrupted
    case .exited(WorkerExit.busy): self = .busy
    case .exited(WorkerExit.refused): self = .refused
    case .exited(let code): self = .failed(status: code)
    }
  }

  /// Whether the process trapped, aborted or touched memory that it had not: nobody has sent it that signal, as they may send
  /// those that end it.
  package var isFault: Bool {
    guard case .crashed(let signal) = self else { return false }
    return [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS].contains(signal)
  }

  /// What happened, in the words of a status line.
  package var reason: String {
    switch self {
    case .finished: "finished"
    case .interrupted: "interrupted"
    case .busy: "trained by another process"
    case .refused: "failed"
    case .failed(let status): "failed with exit code \(status)"
    case .notStarted(let reason): "could not be started: \(reason)"
    case .lost(let reason), .cancelled(let reason): reason
    case .gone(.run): "failed: its folder is gone"
    case .gone(.workspace): "failed: its workspace is gone"
    case .crashed(9): "killed by signal 9 (out of memory, or by hand)"
    case .crashed(let signal): "crashed with signal \(signal) (\(Signals.words(signal)))"
    }
  }
}
