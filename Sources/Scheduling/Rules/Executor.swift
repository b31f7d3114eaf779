import Foundation
import Store

/// One run to train: what a worker needs to know, and nothing about the experiment.
package struct Job: Equatable, Sendable {
  package let run: SweepRun
  package let threads: Int
  /// The device that it has to itself, as `--engine` names it; nil where workers have none of their own.
  package let device: String?

  package var name: String { run.name }

  package init(run: SweepRun, threads: Int, device: String? = nil) {
    (self.run, self.threads, self.device) = (run, threads, device)
  }
}

/// Where a job stands, as its executor knows it.
package enum JobStatus: Equatable, Sendable {
  /// Handed in, but no worker runs yet; with the executor's reason ("Resources", "Priority"), if it has one.
  case queued(reason: String?)
  case running
  case ended(JobEnd)
}

/// Where workers run: on this machine as child processes, or on a cluster's nodes.
///
/// Jobs are named by their runs. Everything takes many jobs at once, so that an executor may hand them in, ask about
/// them or end them with one command; it is asked several times a second, and may answer from what it last heard.
/// An executor is registered in ``ExecutorList``.
package protocol Executor: AnyObject {
  /// Which of these jobs an earlier coordinator handed in and are still queued or running: they are ours from now on.
  func adopt(_ jobs: [Job]) -> Set<String>
  /// Hands the jobs in; returns why some could not be, by name. A job that must wait for its turn is queued, not refused.
  func submit(_ jobs: [Job]) -> [String: String]
  /// Every job that was handed in or adopted. One that has ended is reported so once, and then forgotten.
  func poll() -> [(name: String, status: JobStatus)]
  /// Asks workers to finish their step, save and leave; a job that is still queued ends as interrupted.
  func interrupt(_ names: [String])
  /// Ends workers now; what they saved last stays good.
  func kill(_ names: [String])
  /// Whether jobs go on when their coordinator stops: then a stop leaves them alone, and the next sweep adopts them.
  var outlivesCoordinator: Bool { get }
}

/// What most executors are: their workers end with the coordinator.
extension Executor {
  package func adopt(_ jobs: [Job]) -> Set<String> { [] }
  package var outlivesCoordinator: Bool { false }
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
  /// The last line that the run's worker wrote.
  func lastWords(of name: String) -> String?
  /// Who holds the run's lock, and when it was last heard of.
  func holder(of name: String) -> String?
  /// That nothing was heard of who holds the run's lock for longer than usual, and how to go on; nil: all is well.
  func silence(of name: String) -> String?
  /// What of the place of a run that was begun is there no more; nil: all of it is there.
  func lostPlace(of name: String) -> LostPlace?
  /// Keeps, for whoever asks later, that a run was given up.
  func recordFailure(of name: String, _ end: JobEnd)
}

/// A watcher that sees no logs and no locks.
extension RunWatcher {
  package func lastWords(of name: String) -> String? { nil }
  package func holder(of name: String) -> String? { nil }
  package func silence(of name: String) -> String? { nil }
  package func lostPlace(of name: String) -> LostPlace? { nil }
}

extension RunWatcher {
  /// How a worker ended, where its run's directory knows better than the executor.
  func end(of name: String, told: JobEnd) -> JobEnd {
    switch told {
    case .finished, .cancelled: told
    case .lost where sighting(of: name) == .finished: .finished
    default: lostPlace(of: name).map(JobEnd.gone) ?? told
    }
  }
}
