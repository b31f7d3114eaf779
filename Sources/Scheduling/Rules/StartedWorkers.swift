import Store

/// Our workers, each by the place of its run in the sweep: since when it is at work, and the pace that all have shown.
struct StartedWorkers {
  /// What is known of a worker of ours.
  struct Start {
    var time: Double
    /// What an earlier worker has left: not this one's. Dates would not tell, where workers have clocks of their own.
    var earlier: Heartbeat?
    var saved: Int
    /// Why it is still queued, as last told; nil once it runs.
    var waits: String?
    /// Share of the run that was done when its first heartbeat came.
    var fraction: Double?
  }

  private let runs: [SweepRun]
  private let watcher: any RunWatcher
  private let clock: any SweepClock
  private var starts: [Int: Start] = [:]
  private var pace: SweepPace

  init(of runs: [SweepRun], watcher: any RunWatcher, pace: SweepPace, clock: any SweepClock) {
    (self.runs, self.watcher, self.pace, self.clock) = (runs, watcher, pace, clock)
  }

  var isEmpty: Bool { starts.isEmpty }
  var count: Int { starts.count }
  var indices: [Int] { starts.keys.sorted() }
  subscript(index: Int) -> Start? { starts[index] }

  mutating func begin(_ index: Int) {
    let name = runs[index].name
    starts[index] = Start(
      time: clock.now, earlier: watcher.heartbeat(of: name), saved: watcher.savedProgress(of: name))
  }

  /// It is queued; whether that was not known for this reason.
  mutating func wait(_ index: Int, _ reason: String) -> Bool {
    guard starts[index]?.waits != reason else { return false }
    starts[index]?.waits = reason
    return true
  }

  /// Its time counts from here, not from when it was handed in.
  mutating func run(_ index: Int) {
    guard var start = starts[index], start.waits != nil else { return }
    (start.waits, start.time) = (nil, clock.now)
    starts[index] = start
  }

  /// It has ended, with this share of its run done; nil: with what its heartbeat says.
  mutating func end(_ index: Int, fraction: Double?) {
    addPace(index, fraction: fraction)
    forget(index)
  }

  /// It is none of ours.
  mutating func forget(_ index: Int) { starts[index] = nil }

  // MARK: What is shown

  /// What they show now.
  mutating func shown() -> [SweepSnapshot.Running] {
    var running: [SweepSnapshot.Running] = []
    for index in indices {
      let heartbeat = heartbeat(index)
      if starts[index]?.fraction == nil { starts[index]?.fraction = heartbeat?.fraction }
      running.append(.init(run: runs[index], heartbeat: heartbeat))
    }
    return running
  }

  /// What the worker of ours has written: a heartbeat that an earlier one left says nothing about this one.
  private func heartbeat(_ index: Int) -> Heartbeat? {
    guard let start = starts[index], let heartbeat = watcher.heartbeat(of: runs[index].name) else { return nil }
    return heartbeat == start.earlier ? nil : heartbeat
  }

  /// Of the sweep, with so many workers at once.
  func secondsLeft(_ running: [SweepSnapshot.Running], of sweep: Sweep, jobs: Int) -> Double? {
    var current = pace
    var left = 0.0
    let beats = Dictionary(
      running.map { ($0.run.name, $0.heartbeat) }, uniquingKeysWith: { first, _ in first }
    ).compactMapValues(\.self)
    for (index, state) in zip(runs.indices, sweep.runs.map(\.state)) where state == .waiting || state == .running {
      let beat = beats[runs[index].name]
      let fraction = beat?.fraction ?? 0
      left += (1 - fraction) * runs[index].work
      // Until the worker itself has measured a whole epoch, steps without validation would promise too much.
      if let start = starts[index], let first = start.fraction, beat?.secondsLeft != nil {
        current.add(work: (fraction - first) * runs[index].work, seconds: clock.now - start.time)
      }
    }
    return current.secondsLeft(
      work: left, workers: jobs, longest: running.compactMap { $0.heartbeat?.secondsLeft }.max())
  }

  /// Keeps what an ended worker has shown of the pace.
  private mutating func addPace(_ index: Int, fraction: Double?) {
    guard let start = starts[index] else { return }
    let last = fraction ?? heartbeat(index)?.fraction
    guard let last, let first = start.fraction, last > first else { return }
    pace.add(work: (last - first) * runs[index].work, seconds: clock.now - start.time)
  }
}
