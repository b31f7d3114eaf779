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
  private var workers: StartedWorkers
  private var announcer: SweepAnnouncer
  private var lastWatch = -Double.infinity
  private var stopLevel = 0
  private var userStopped = false

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
    (self.clock, self.intervals) = (clock, intervals)
    workers = StartedWorkers(of: runs, watcher: watcher, pace: pace, clock: clock)
    announcer = SweepAnnouncer(of: runs, watcher: watcher, display: display, clock: clock)
  }

  /// Runs the sweep. `stopRequests` counts how often the user has asked to stop: at 1 the workers finish their steps
  /// and save, from 2 on they are ended at once.
  package func run(stopRequests: () -> Int) -> SweepOutcome {
    adopt()
    for index in runs.indices where workers[index] == nil { look(at: index) }
    while !sweep.isOver {
      poll()
      obeyLoss()
      obeyUser(stopRequests())
      watchOthers()
      startWorkers()
      announcer.tellIdle(sweep, isIdle: workers.isEmpty)
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
      announcer.say(watcher.holder(of: runs[index].name), of: index)
    }
    sweep.foundElsewhere(index)
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
      guard let index = places[name], workers[index] != nil else { continue }
      switch status {
      case .queued(let reason): queued(index, reason ?? "queued")
      case .running: workers.run(index)
      case .ended(let end): ended(index, end)
      }
    }
  }

  private func queued(_ index: Int, _ reason: String) {
    guard workers.wait(index, reason) else { return }
    display.note(.queued(runs[index], reason: reason))
  }

  private func ended(_ index: Int, _ told: JobEnd) {
    guard let start = workers[index] else { return }
    let name = runs[index].name
    let end = watcher.end(of: name, told: told)
    workers.end(index, fraction: end == .finished ? 1 : nil)
    let progressed = watcher.savedProgress(of: name) > start.saved
    sweep.ended(index, end, progressed: progressed, now: clock.now)
    announcer.announce(index, end, of: sweep, seconds: clock.now - start.time)
    giveBack(index, progressed || end == .finished ? .worked : end.isFault ? .crashed : .neither)
    if case .failed = sweep.runs[index].state, sweep.isStopping { obey(1) }
  }

  private func giveBack(_ index: Int, _ ending: DevicePool.Ending) {
    if let device = devices.giveBack(from: runs[index], ending) { display.note(.setAside(device: device)) }
    guard devices.isSpent, !sweep.isStopping else { return }
    display.note(.spent)
    if workers.isEmpty { sweep.stop() } else { obey(1) }
  }

  /// Whether the whole workspace was taken away: whatever is begun there now would only seem to be.
  private var hasLostWorkspace: Bool { sweep.count { $0 == .failed(.gone(.workspace)) } > 0 }

  private func obeyLoss() {
    guard hasLostWorkspace, stopLevel == 0 else { return }
    if executor.outlivesCoordinator { leave() } else { obey(1) }
  }

  private func obeyUser(_ requests: Int) {
    guard requests > 0 else { return }
    userStopped = true
    if executor.outlivesCoordinator, stopLevel == 0 { leave() } else { obey(requests) }
  }

  /// The jobs go on without us.
  private func leave() {
    sweep.stop()
    if !hasLostWorkspace { display.note(.leaving(running: workers.count)) }
    for index in workers.indices {
      sweep.left(index)
      workers.forget(index)
    }
    stopLevel = 1
  }

  private func obey(_ level: Int) {
    guard level > stopLevel else { return }
    let running = workers.indices
    if stopLevel == 0 {
      sweep.stop()
      if !hasLostWorkspace { display.note(.stopping(running: running.count)) }
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
      announcer.remind(of: index, in: sweep, isIdle: workers.isEmpty)
    }
    if !executor.outlivesCoordinator { for index in workers.indices { announcer.tellSilence(of: index) } }
  }

  private func startWorkers() {
    var jobs: [(index: Int, job: Job)] = []
    while workers.count < allotment.jobs, devices.hasRoom, let index = sweep.nextStart(now: clock.now) {
      guard look(at: index) else { continue }
      let unfinished = sweep.count { $0 == .running || $0 == .waiting }
      let threads = allotment.threads(unfinished: unfinished)
      jobs.append((index, Job(run: runs[index], threads: threads, device: devices.take(for: runs[index].name))))
      begin(index)
    }
    if !jobs.isEmpty { submit(jobs) }
  }

  private func begin(_ index: Int) {
    workers.begin(index)
    sweep.started(index)
  }

  private func submit(_ jobs: [(index: Int, job: Job)]) {
    // An executor may keep files of its own in the workspace, and would make it anew.
    let isLost = watcher.lostPlace(of: jobs[0].job.name) == .workspace
    let refused =
      isLost
      ? Dictionary(uniqueKeysWithValues: jobs.map { ($0.job.name, JobEnd.gone(.workspace).reason) })
      : executor.submit(jobs.map(\.job))
    for (index, job) in jobs {
      guard let reason = refused[job.name] else {
        display.note(.started(runs[index], threads: job.threads, device: job.device))
        continue
      }
      workers.forget(index)
      let end = watcher.end(of: job.name, told: .notStarted(reason: reason))
      sweep.ended(index, end, progressed: false, now: clock.now)
      announcer.announce(index, end, of: sweep, seconds: 0)
      giveBack(index, .neither)
    }
  }

  // MARK: What is shown

  private func snapshot() -> SweepSnapshot {
    let running = workers.shown()
    return SweepSnapshot(
      running: running, finished: sweep.count { $0 == .finished },
      failed: sweep.count { if case .failed = $0 { true } else { false } },
      elsewhere: sweep.count { $0 == .elsewhere }, total: runs.count,
      secondsLeft: workers.secondsLeft(running, of: sweep, jobs: allotment.jobs))
  }

  private func outcome() -> SweepOutcome {
    func those(_ matching: (Sweep.State) -> Bool) -> [SweepRun] {
      zip(runs, sweep.runs).filter { matching($1.state) }.map(\.0)
    }
    return SweepOutcome(
      finished: those { $0 == .finished },
      failed: those { if case .failed = $0 { true } else { false } },
      interrupted: those { $0 == .interrupted }, wasStopped: userStopped, hasLostWorkspace: hasLostWorkspace,
      takenAway: those { $0 == .failed(.gone(.run)) })
  }
}
