import Foundation
import Scheduling
import Store
import System
import Text

/// When to call.
package struct AlertLimits: Sendable {
  /// Seconds without a sign of a run's worker.
  package var silence = 600.0
  /// Bytes left on the workspace's disk.
  package var disk = 5_000_000_000

  package init() {}
}

/// Shows a sweep as another display does, and hands what people want to be called for to a notifier.
package final class AlertingDisplay: SweepDisplay {
  private let display: any SweepDisplay
  private let notifier: Notifier
  private let limits: AlertLimits
  private let experiment: String
  private let workspace: Workspace
  private var counts = (finished: 0, failed: 0, total: 0)
  /// When each run's worker was heard of last, by the clock of this process, and what it said.
  private var heard: [String: (time: Double, beat: Heartbeat?)] = [:]
  private var told: Set<String> = []
  private var isDiskLow = false
  private var lastLook = -Double.infinity
  private let clock: any SweepClock

  package init(
    _ display: any SweepDisplay, notifier: Notifier, limits: AlertLimits, experiment: String, workspace: Workspace,
    total: Int, clock: any SweepClock = SteadyClock()
  ) {
    (self.display, self.notifier, self.limits) = (display, notifier, limits)
    (self.experiment, self.workspace, self.clock) = (experiment, workspace, clock)
    counts.total = total
  }

  package func note(_ event: SweepEvent) {
    display.note(event)
    switch event {
    case .finished(let run, let seconds):
      counts.finished += 1
      send(.finished, run, "finished in \(Quantity.duration(seconds))", seconds: seconds)
    case .failed(let run, let end):
      counts.failed += 1
      let words = Self.failure(of: run)
      send(words?.contains(Self.divergence) == true ? .diverged : .failed, run, words ?? end.reason)
    default: break
    }
  }

  /// In the words of `RunError.diverged`.
  private static let divergence = " diverged in epoch "

  /// As its worker has written it into the journal.
  private static func failure(of run: SweepRun) -> String? {
    guard let history = try? RunDirectory(run.directory).history(), history.state(isLocked: false) == .failed else {
      return nil
    }
    return history.failure?.message
  }

  package func update(_ snapshot: SweepSnapshot) {
    display.update(snapshot)
    counts = (snapshot.finished, snapshot.failed, snapshot.total)
    let now = clock.now
    guard now - lastLook >= Self.pause else { return }
    lastLook = now
    for running in snapshot.running { listen(to: running, now) }
    heard = heard.filter { name, _ in snapshot.running.contains { $0.run.name == name } }
    lookAtDisk()
  }

  /// Seconds between two looks.
  private static let pause = 1.0

  private func listen(to running: SweepSnapshot.Running, _ now: Double) {
    let name = running.run.name
    guard let last = heard[name], last.beat == running.heartbeat else {
      heard[name] = (now, running.heartbeat)
      told.remove(name)
      return
    }
    let silence = now - last.time
    guard silence > limits.silence, told.insert(name).inserted else { return }
    send(
      .stalled, running.run, "its worker has not been heard of for \(Quantity.duration(silence))", seconds: silence)
  }

  /// Said again only after there was clearly more room in between.
  private func lookAtDisk() {
    guard let free = Machine.freeDisk(at: workspace.root) else { return }
    if isDiskLow, free > limits.disk + limits.disk / 10 { isDiskLow = false }
    guard !isDiskLow, free < limits.disk else { return }
    isDiskLow = true
    var alert = alert(.diskLow, "\(Quantity.bytes(free)) are left on the workspace's disk")
    alert.freeDisk = free
    notifier.send(alert)
  }

  package func close() {
    display.close()
    notifier.send(
      alert(
        .over,
        "the sweep has ended: \(counts.finished) of \(Quantity.of(counts.total, "run")) \(counts.total == 1 ? "is" : "are") finished"
      ))
    notifier.close()
  }

  private func send(_ event: Alert.Event, _ run: SweepRun, _ message: String, seconds: Double? = nil) {
    var alert = alert(event, message)
    (alert.run, alert.label, alert.log, alert.seconds) = (run.name, run.label, run.log.path, seconds)
    notifier.send(alert)
  }

  private func alert(_ event: Alert.Event, _ message: String) -> Alert {
    Alert(
      event, experiment: experiment, workspace: workspace.root.path, message: message, finished: counts.finished,
      failed: counts.failed, total: counts.total)
  }
}
