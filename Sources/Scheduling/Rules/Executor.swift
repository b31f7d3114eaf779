import Foundation
import Store

/// One run to train: what a worker needs to know, and nothing about the experiment.
package struct Job: Equatable, Sendable {
  package let name: String
  package let directory: URL
  package let threads: Int

  package init(name: String, directory: URL, threads: Int) {
    (self.name, self.directory, self.threads) = (name, directory, threads)
  }
}

/// Where workers run: on this machine as child processes, or (not yet) on a cluster's nodes.
package protocol Executor: AnyObject {
  func start(_ job: Job) throws
  /// The jobs that have ended since the last call.
  func collectEnded() -> [(name: String, end: JobEnd)]
  /// Asks a worker to finish its step, save and leave.
  func interrupt(_ name: String)
  /// Ends a worker now; what it saved last stays good.
  func kill(_ name: String)
}

/// What a sweep must know of a run directory, whoever writes it.
package enum Sighting: Equatable, Sendable {
  case finished
  /// Some process holds its lock.
  case locked
  /// Nobody trains it: new, interrupted, failed or left behind by a crash.
  case free
}

/// The scheduler's window on the run directories.
package protocol RunWatcher: AnyObject {
  func sighting(of name: String) -> Sighting
  /// Grows whenever the run saves something new; equal numbers before and after a crash mean no progress.
  func savedProgress(of name: String) -> Int
  func heartbeat(of name: String) -> Heartbeat?
  /// Keeps, for whoever asks later, that a run was given up.
  func recordFailure(of name: String, _ end: JobEnd)
}
