import Foundation
import Scheduling
import System

/// Ends the jobs of one sweep, whoever has handed them in, and no others.
package struct Cancellation {
  private let folder: BatchFolder
  private let queue: SlurmQueue
  private let clock: any SweepClock

  package init(_ folder: BatchFolder, _ commands: any SlurmCommands, clock: any SweepClock = SteadyClock()) {
    (self.folder, self.clock) = (folder, clock)
    queue = SlurmQueue(commands)
  }

  package struct Failure: Error, Equatable, CustomStringConvertible {
    package var reason: String
    package var jobs: [String]

    package var description: String {
      let rest = jobs.isEmpty ? "" : "; `scancel \(jobs.joined(separator: " "))` is what it tried"
      return "the jobs may still be there: \(reason)\(rest). Type the same command again"
    }
  }

  /// - Returns: how many tasks were ended; nil where none was ever handed in.
  package func run() throws -> Int? {
    let names = try folder.open().map(\.name)
    if names.isEmpty { return nil }
    // A submitter that watches them hands nothing in again.
    try AtomicFile.write(Data(), to: folder.cancelMark)
    let alive = try ask(names)
    let jobs = Set(alive.map(\.job)).sorted().map(String.init)
    if jobs.isEmpty { return 0 }
    var wait = 2.0
    for _ in 0..<Self.tries {
      if queue.cancel(jobs) { return alive.count }
      clock.pause(wait)
      wait *= 2
    }
    throw Failure(reason: "scancel does not succeed", jobs: jobs)
  }

  private static let tries = 5

  /// An empty table may be no answer: it is asked for twice.
  private func ask(_ names: [String]) throws -> [QueueRow] {
    var wait = 2.0
    var empty = 0
    var reason = ""
    for _ in 0..<Self.tries {
      switch queue.tasks(named: names) {
      case .none(let words): reason = words
      case .rows(let rows):
        let alive = rows.filter { !$0.state.isEnded && $0.state != .running(.completing) }
        empty += 1
        if !alive.isEmpty || empty == 2 { return alive }
      }
      clock.pause(wait)
      wait *= 2
    }
    throw Failure(reason: reason, jobs: [])
  }
}
