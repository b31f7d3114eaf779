/// What a sweep says of its runs: how workers ended, for whom it waits, and who has fallen silent.
struct SweepAnnouncer {
  private let runs: [SweepRun]
  private let watcher: any RunWatcher
  private let display: any SweepDisplay
  private let clock: any SweepClock
  private var reminders = Reminders()
  /// Whether it was told that nothing is left but to wait for others.
  private var hasToldIdle = false

  init(of runs: [SweepRun], watcher: any RunWatcher, display: any SweepDisplay, clock: any SweepClock) {
    (self.runs, self.watcher, self.display, self.clock) = (runs, watcher, display, clock)
  }

  func say(_ words: String?, of index: Int) {
    if let words { display.note(.said(runs[index], words)) }
  }

  /// What a worker's end has come to in the sweep; of a run that is given up it is kept, too.
  func announce(_ index: Int, _ end: JobEnd, of sweep: Sweep, seconds: Double) {
    switch sweep.runs[index].state {
    case .finished: display.note(.finished(runs[index], seconds: seconds))
    // The same is true of all, and told once of the whole sweep.
    case .failed(.gone(.workspace)): break
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

  /// Told once, when all that is left is other processes'.
  mutating func tellIdle(_ sweep: Sweep, isIdle: Bool) {
    let others = sweep.count { $0 == .elsewhere }
    guard !hasToldIdle, !sweep.isStopping, isIdle, others > 0, sweep.count({ $0 == .waiting }) == 0 else {
      return
    }
    hasToldIdle = true
    display.note(.idle(elsewhere: others))
  }

  /// Of a worker of ours that hangs or was stopped: no other line would come, nor would it obey a first Ctrl-C.
  mutating func tellSilence(of index: Int) {
    guard let silence = watcher.silence(of: runs[index].name) else { return reminders.forget(index) }
    if reminders.isDue(index, isSilent: true, now: clock.now) { say("its process shows \(silence)", of: index) }
  }

  /// Who waits for another is told now and then for whom, and what to do where that one is silent.
  mutating func remind(of index: Int, in sweep: Sweep, isIdle: Bool) {
    guard sweep.runs[index].state == .elsewhere else { return reminders.forget(index) }
    let silence = watcher.silence(of: runs[index].name)
    guard reminders.isDue(index, isSilent: silence != nil, now: clock.now) else { return }
    if let silence {
      say("its process shows \(silence)", of: index)
    } else if isIdle {
      say(watcher.holder(of: runs[index].name).map { "this waits for \($0)" }, of: index)
    }
  }
}
