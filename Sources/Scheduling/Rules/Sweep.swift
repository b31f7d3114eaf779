/// Which run starts next and what becomes of each: the scheduler's rules, without processes, files or a clock.
///
///     waiting ──▶ running ──▶ finished
///        ▲           │
///        ├───────────┤  crashed, at most `retries` times in a row without progress, after a pause
///        ├───────────┤  interrupted by somebody else (a cluster's preemption): goes on where it stopped
///        │           ├──▶ elsewhere   another worker has it; finished, or waiting again, when that one ends
///        │           ├──▶ failed      would fail again, or out of retries
///        │           └──▶ interrupted by us, or cancelled
///        └ takes part again in the next sweep, whatever it was
///
/// Times are seconds of any steady clock, given by the caller.
package struct Sweep: Equatable, Sendable {
  package enum State: Equatable, Sendable {
    case waiting
    case running
    case elsewhere
    case finished
    case failed(JobEnd)
    /// Stopped on our request, or never started because of one.
    case interrupted
  }

  package struct Run: Equatable, Sendable {
    package let name: String
    package internal(set) var state = State.waiting
    /// Crashes in a row without progress between them.
    package internal(set) var crashes = 0
    /// Earliest time of the next start.
    package internal(set) var notBefore = -Double.infinity
  }

  /// What to do when a run has failed for good.
  package enum FailurePolicy: String, Sendable, CaseIterable { case keepGoing, failFast }

  package private(set) var runs: [Run]
  package let retry: RetryPolicy
  package let failurePolicy: FailurePolicy
  /// No run starts any more; those that run are being asked to stop.
  package private(set) var isStopping = false

  package init(runs: [String], retry: RetryPolicy = RetryPolicy(), failurePolicy: FailurePolicy = .keepGoing) {
    precondition(Set(runs).count == runs.count, "a sweep names each run once: \(runs)")
    self.runs = runs.map { Run(name: $0) }
    self.retry = retry
    self.failurePolicy = failurePolicy
  }

  /// The first run in the experiment's order that may start now.
  package func nextStart(now: Double) -> Int? {
    guard !isStopping else { return nil }
    return runs.firstIndex { $0.state == .waiting && $0.notBefore <= now }
  }

  package mutating func started(_ index: Int) {
    precondition(runs[index].state == .waiting, "\(runs[index].name) starts while \(runs[index].state)")
    runs[index].state = .running
  }

  /// A worker ended. `progressed`: it had saved more than was saved when it started.
  package mutating func ended(_ index: Int, _ end: JobEnd, progressed: Bool, now: Double) {
    precondition(runs[index].state == .running, "\(runs[index].name) ends while \(runs[index].state)")
    switch end {
    case .finished: runs[index].state = .finished
    case .busy: runs[index].state = .elsewhere
    case .refused, .gone: fail(index, end)
    case .cancelled: runs[index].state = .interrupted
    case .interrupted where isStopping: runs[index].state = .interrupted
    case .interrupted:
      if progressed { runs[index].crashes = 0 }
      wait(index, until: now + retry.requeueDelay)
    case .failed, .crashed, .notStarted, .lost: crashed(index, end, progressed: progressed, now: now)
    }
  }

  /// A run directory shows that its run is complete, whoever trained it.
  package mutating func foundFinished(_ index: Int) { runs[index].state = .finished }

  /// Another process holds the run's lock.
  package mutating func foundElsewhere(_ index: Int) {
    precondition(runs[index].state != .running, "\(runs[index].name) is ours")
    runs[index].state = .elsewhere
  }

  /// The other process has let go of a run without finishing it.
  package mutating func foundFree(_ index: Int) {
    precondition(runs[index].state == .elsewhere, "\(runs[index].name) was not elsewhere")
    runs[index].state = isStopping ? .interrupted : .waiting
  }

  /// Nothing starts from here on; what has not started counts as interrupted.
  package mutating func stop() {
    isStopping = true
    for index in runs.indices where runs[index].state == .waiting || runs[index].state == .elsewhere {
      runs[index].state = .interrupted
    }
  }

  /// A run of ours goes on without us.
  package mutating func left(_ index: Int) {
    precondition(runs[index].state == .running && isStopping, "\(runs[index].name) is left while \(runs[index].state)")
    runs[index].state = .interrupted
  }

  package func count(_ matching: (State) -> Bool) -> Int { runs.count { matching($0.state) } }

  /// Nothing runs and nothing will.
  package var isOver: Bool { count { $0 == .running || $0 == .waiting || $0 == .elsewhere } == 0 }

  private mutating func wait(_ index: Int, until time: Double) {
    runs[index].state = isStopping ? .interrupted : .waiting
    runs[index].notBefore = time
  }

  private mutating func fail(_ index: Int, _ end: JobEnd) {
    runs[index].state = .failed(end)
    if failurePolicy == .failFast { stop() }
  }

  private mutating func crashed(_ index: Int, _ end: JobEnd, progressed: Bool, now: Double) {
    runs[index].crashes = progressed ? 1 : runs[index].crashes + 1
    if isStopping {
      runs[index].state = .interrupted
    } else if let delay = retry.delay(afterCrashes: runs[index].crashes) {
      wait(index, until: now + delay)
    } else {
      fail(index, end)
    }
  }
}
