import Foundation
import Store

/// Keeps workers busy until every run is finished or given up: joins the rules (``Sweep``), the executor, the run
/// directories and the display. It trains nothing and writes into no run directory.
///
/// Several coordinators may work on one workspace: a run's lock decides who trains it, the others look at it again
/// every few seconds.
package final class Coordinator {
  /// Seconds between two looks at the workers, and at runs that others train.
  package struct Intervals: Sendable {
    package var poll = 0.1
    package var watch = 2.0
    package init() {}
  }

  private let runs: [SweepRun]
  private let places: [String: Int]
  private var sweep: Sweep
  private let allotment: Allotment
  private var devices: DevicePool
  private let executor: any Executor
  private let watcher: any RunWatcher
  private let display: any SweepDisplay
  private let clock: any SweepClock
  private let intervals: Intervals

  /// What is known of a worker of ours.
  private struct Start {
    var time: Double
    /// What an earlier worker has left: not this one's. Dates would not tell, where workers have clocks of their own.
    var earlier: Heartbeat?
    var saved: Int
    /// Why it is still queued, as last told; nil once it runs.
    var waits: String?
    /// Share of the run that was done when its first heartbeat came.
    var fraction: Double?
  }
  private var starts: [Int: Start] = [:]
  private var pace: SweepPace
  private var lastWatch = -Double.infinity
  private var reminders = Reminders()
  private var stopLevel = 0
  private var userStopped = false
  /// Whether it was told that nothing is left but to wait for others.
  private var hasToldIdle = false

  package init(
    runs: [SweepRun], sweep: Sweep, allotment: Allotment, devices: DevicePool = DevicePool(), executor: any Executor,
    watcher: any RunWatcher, display: any SweepDisplay, pace: SweepPace = SweepPace(),
    clock: any SweepClock = SteadyClock(),
    intervals: Intervals = Intervals()
  ) {
    precondition(runs.map(\.name) == sweep.runs.map(\.name), "the sweep's rules are about other runs")
    (self.runs, self.sweep, self.allotment, self.devices) = (runs, sweep, allotment, devices)
    places = Dictionary(uniqueKeysWithValues: zip(runs.map(\.name), runs.indices))
    (self.executor, self.watcher, self.display) = (executor, watcher, display)
    (self.clock, self.intervals, self.pace) = (clock, intervals, pace)
  }

  /// Runs the sweep. `stopRequests` counts how often the user has asked to stop: at 1 the workers finish their steps
  /// and save, from 2 on they are ended at once.
  package func run(stopRequests: () -> Int) -> SweepOutcome {
    adopt()
    for index in runs.indices where starts[index] == nil { look(at: index) }
    while !sweep.isOver {
      poll()
      obeyUser(stopRequests())
      watchOthers()
      startWorkers()
      tellIdle()
      display.update(snapshot())
      if !sweep.isOver { clock.pause(intervals.poll) }
    }
    display.close()
    return outcome()
  }

  // MARK: Steps of the loop

  /// Takes over what a run directory says. True when the run may start.
  @discardableResult
  private func look(at index: Int) -> Bool {
    switch watcher.sighting(of: runs[index].name) {
    case .finished: sweep.foundFinished(index)
    case .locked: leaveToOther(index)
    case .free:
      if sweep.runs[index].state == .elsewhere { sweep.foundFree(index) }
      return true
    }
    return false
  }

  private func leaveToOther(_ index: Int) {
    if sweep.runs[index].state != .elsewhere {
      display.note(.elsewhere(runs[index]))
      say(watcher.holder(of: runs[index].name), of: index)
    }
    sweep.foundElsewhere(index)
  }

  private func say(_ words: String?, of index: Int) {
    if let words { display.note(.said(runs[index], words)) }
  }

  /// Takes over the jobs that an earlier coordinator has left at work.
  private func adopt() {
    let open = runs.filter { watcher.sighting(of: $0.name) != .finished }
    let jobs = open.map { Job(run: $0, threads: allotment.threads(unfinished: open.count)) }
    let adopted = jobs.isEmpty ? [] : executor.adopt(jobs)
    for index in runs.indices where adopted.contains(runs[index].name) { begin(index) }
  }

  private func poll() {
    for (name, status) in executor.poll() {
      guard let index = places[name], starts[index] != nil else { continue }
      switch status {
      case .queued(let reason): queued(index, reason ?? "queued")
      case .running: running(index)
      case .ended(let end): ended(index, end)
      }
    }
  }

  private func queued(_ index: Int, _ reason: String) {
    guard starts[index]?.waits != reason else { return }
    starts[index]?.waits = reason
    display.note(.queued(runs[index], reason: reason))
  }

  /// Its time counts from here, not from when it was handed in.
  private func running(_ index: Int) {
    guard var start = starts[index], start.waits != nil else { return }
    (start.waits, start.time) = (nil, clock.now)
    starts[index] = start
  }

  private func ended(_ index: Int, _ told: JobEnd) {
    guard let start = starts[index] else { return }
    let name = runs[index].name
    var end = told
    if case .lost = told, watcher.sighting(of: name) == .finished { end = .finished }
    addPace(index, fraction: end == .finished ? 1 : nil)
    starts[index] = nil
    let progressed = watcher.savedProgress(of: name) > start.saved
    sweep.ended(index, end, progressed: progressed, now: clock.now)
    announce(index, end, seconds: clock.now - start.time)
    giveBack(index, progressed || end == .finished ? .worked : end.isFault ? .crashed : .neither)
    if case .failed = sweep.runs[index].state, sweep.isStopping { obey(1) }
  }

  private func giveBack(_ index: Int, _ ending: DevicePool.Ending) {
    if let device = devices.giveBack(from: runs[index], ending) { display.note(.setAside(device: device)) }
    guard devices.isSpent, !sweep.isStopping else { return }
    display.note(.spent)
    if starts.isEmpty { sweep.stop() } else { obey(1) }
  }

  private func announce(_ index: Int, _ end: JobEnd, seconds: Double) {
    switch sweep.runs[index].state {
    case .finished: display.note(.finished(runs[index], seconds: seconds))
    case .failed(let end):
      watcher.recordFailure(of: runs[index].name, end)
      display.note(.failed(runs[index], end))
    case .elsewhere: display.note(.elsewhere(runs[index]))
    case .interrupted:
      if case .crashed = end { display.note(.cutOff(runs[index])) } else { display.note(.interrupted(runs[index])) }
      if case .cancelled(let reason) = end { say(reason, of: index) }
    case .waiting:
      display.note(.retrying(runs[index], end, inSeconds: sweep.runs[index].notBefore - clock.now))
      say(end == .interrupted ? nil : watcher.lastWords(of: runs[index].name), of: index)
    case .running: break
    }
  }

  private func obeyUser(_ requests: Int) {
    guard requests > 0 else { return }
    userStopped = true
    if executor.outlivesCoordinator, stopLevel == 0 { leave() } else { obey(requests) }
  }

  /// The jobs go on without us.
  private func leave() {
    sweep.stop()
    display.note(.leaving(running: starts.count))
    for index in starts.keys { sweep.left(index) }
    starts = [:]
    stopLevel = 1
  }

  private func obey(_ level: Int) {
    guard level > stopLevel else { return }
    let running = starts.keys.sorted()
    if stopLevel == 0 {
      sweep.stop()
      display.note(.stopping(running: running.count))
      executor.interrupt(running.map { runs[$0].name })
    }
    if level > 1 {
      display.note(.killing(running: running.count))
      executor.kill(running.map { runs[$0].name })
    }
    stopLevel = level
  }

  private func watchOthers() {
    guard clock.now - lastWatch >= intervals.watch else { return }
    lastWatch = clock.now
    for index in runs.indices where sweep.runs[index].state == .elsewhere {
      look(at: index)
      remind(of: index)
    }
    if !executor.outlivesCoordinator { for index in starts.keys.sorted() { tellSilence(of: index) } }
  }

  /// Told once, when all that is left is other processes'.
  private func tellIdle() {
    let others = sweep.count { $0 == .elsewhere }
    guard !hasToldIdle, !sweep.isStopping, starts.isEmpty, others > 0, sweep.count({ $0 == .waiting }) == 0 else {
      return
    }
    hasToldIdle = true
    display.note(.idle(elsewhere: others))
  }

  /// Of a worker of ours that hangs or was stopped: no other line would come, nor would it obey a first Ctrl-C.
  private func tellSilence(of index: Int) {
    guard let silence = watcher.silence(of: runs[index].name) else { return reminders.forget(index) }
    if reminders.isDue(index, isSilent: true, now: clock.now) { say("its process shows \(silence)", of: index) }
  }

  /// Who waits for another is told now and then for whom, and what to do where that one is silent.
  private func remind(of index: Int) {
    guard sweep.runs[index].state == .elsewhere else { return reminders.forget(index) }
    let silence = watcher.silence(of: runs[index].name)
    guard reminders.isDue(index, isSilent: silence != nil, now: clock.now) else { return }
    if let silence {
      say("its process shows \(silence)", of: index)
    } else if starts.isEmpty {
      say(watcher.holder(of: runs[index].name).map { "this waits for \($0)" }, of: index)
    }
  }

  private func startWorkers() {
    var jobs: [(index: Int, job: Job)] = []
    while starts.count < allotment.jobs, devices.hasRoom, let index = sweep.nextStart(now: clock.now) {
      guard look(at: index) else { continue }
      let unfinished = sweep.count { $0 == .running || $0 == .waiting }
      let threads = allotment.threads(unfinished: unfinished)
      jobs.append((index, Job(run: runs[index], threads: threads, device: devices.take(for: runs[index].name))))
      begin(index)
    }
    if !jobs.isEmpty { submit(jobs) }
  }

  private func begin(_ index: Int) {
    let name = runs[index].name
    starts[index] = Start(
      time: clock.now, earlier: watcher.heartbeat(of: name), saved: watcher.savedProgress(of: name))
    sweep.started(index)
  }

  private func submit(_ jobs: [(index: Int, job: Job)]) {
    let refused = executor.submit(jobs.map(\.job))
    for (index, job) in jobs {
      guard let reason = refused[job.name] else {
        display.note(.started(runs[index], threads: job.threads, device: job.device))
        continue
      }
      starts[index] = nil
      let end = JobEnd.notStarted(reason: reason)
      sweep.ended(index, end, progressed: false, now: clock.now)
      announce(index, end, seconds: 0)
      giveBack(index, .neither)
    }
  }

  // MARK: What is shown

  private func snapshot() -> SweepSnapshot {
    var running: [SweepSnapshot.Running] = []
    for index in starts.keys.sorted() {
      let heartbeat = heartbeat(index)
      if starts[index]?.fraction == nil { starts[index]?.fraction = heartbeat?.fraction }
      running.append(.init(run: runs[index], heartbeat: heartbeat))
    }
    return SweepSnapshot(
      running: running, finished: sweep.count { $0 == .finished },
      failed: sweep.count { if case .failed = $0 { true } else { false } },
      elsewhere: sweep.count { $0 == .elsewhere }, total: runs.count, secondsLeft: secondsLeft(running))
  }

  /// What the worker of ours has written: a heartbeat that an earlier one left says nothing about this one.
  private func heartbeat(_ index: Int) -> Heartbeat? {
    guard let start = starts[index], let heartbeat = watcher.heartbeat(of: runs[index].name) else { return nil }
    return heartbeat == start.earlier ? nil : heartbeat
  }

  private func secondsLeft(_ running: [SweepSnapshot.Running]) -> Double? {
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
      work: left, workers: allotment.jobs, longest: running.compactMap { $0.heartbeat?.secondsLeft }.max())
  }

  /// Keeps what an ended worker has shown of the pace.
  private func addPace(_ index: Int, fraction: Double?) {
    guard let start = starts[index] else { return }
    let last = fraction ?? heartbeat(index)?.fraction
    guard let last, let first = start.fraction, last > first else { return }
    pace.add(work: (last - first) * runs[index].work, seconds: clock.now - start.time)
  }

  private func outcome() -> SweepOutcome {
    func those(_ matching: (Sweep.State) -> Bool) -> [SweepRun] {
      zip(runs, sweep.runs).filter { matching($1.state) }.map(\.0)
    }
    return SweepOutcome(
      finished: those { $0 == .finished },
      failed: those { if case .failed = $0 { true } else { false } },
      interrupted: those { $0 == .interrupted }, wasStopped: userStopped)
  }
}
