import Foundation
import Scheduling
import Store

/// Time that passes only when somebody waits.
final class TestClock: SweepClock {
  var now = 0.0
  var date: Date { Date(timeIntervalSince1970: now) }
  func pause(_ seconds: Double) { now += seconds }
}

/// Run directories and workers without files and processes: every job lasts `length` seconds and ends as scripted.
final class TestWorld: Executor, RunWatcher {
  let clock: TestClock
  var length = 10.0
  var script: [String: [JobEnd]] = [:]
  var sightings: [String: Sighting] = [:]
  var saved: [String: Int] = [:]
  private(set) var log: [String] = []
  private(set) var running: [String: (since: Double, end: JobEnd)] = [:]
  private(set) var mostAtOnce = 0
  /// The device of every job that runs.
  private(set) var devices: [String: String] = [:]
  private(set) var mostOnOneDevice = 0
  /// Devices on which every worker crashes, after a second.
  var crashesOn: Set<String> = []
  private(set) var startedOn: [String] = []
  var refusesToStart: Set<String> = []
  struct CannotStart: Error {}
  /// What an earlier coordinator left at work.
  var leftAtWork: Set<String> = []
  var queuedUntil: [String: Double] = [:]
  var outlivesCoordinator = false

  init(clock: TestClock) { self.clock = clock }

  func submit(_ jobs: [Job]) -> [String: String] {
    for job in jobs where !refusesToStart.contains(job.name) { start(job) }
    return Dictionary(
      uniqueKeysWithValues: jobs.map(\.name).filter(refusesToStart.contains).map { ($0, "\(CannotStart())") })
  }

  func adopt(_ jobs: [Job]) -> Set<String> {
    let left = jobs.filter { leftAtWork.contains($0.name) }
    for job in left { running[job.name] = (clock.now, .finished) }
    return Set(left.map(\.name))
  }

  private func start(_ job: Job) {
    let end = script[job.name]?.isEmpty == false ? script[job.name]!.removeFirst() : .finished
    running[job.name] = (clock.now, end)
    mostAtOnce = max(mostAtOnce, running.count)
    devices[job.name] = job.device
    startedOn += job.device.map { [$0] } ?? []
    if let device = job.device, crashesOn.contains(device) {
      running[job.name] = (clock.now - length + 1, .crashed(signal: 6))
    }
    let sharing = running.keys.count { devices[$0] != nil && devices[$0] == job.device }
    mostOnOneDevice = max(mostOnOneDevice, sharing)
    log.append("start \(job.name) x\(job.threads)")
  }

  func poll() -> [(name: String, status: JobStatus)] {
    let ended = running.filter { clock.now >= $0.value.since + length }.sorted { $0.key < $1.key }
    let waiting = running.keys.sorted().filter { clock.now < queuedUntil[$0] ?? 0 }
    for (name, job) in ended {
      running[name] = nil
      if job.end == .finished { sightings[name] = .finished }
    }
    return waiting.map { ($0, .queued(reason: "Resources")) }
      + running.keys.sorted().filter { !waiting.contains($0) }.map { ($0, .running) }
      + ended.map { ($0.key, .ended($0.value.end)) }
  }

  func interrupt(_ names: [String]) { for name in names { interrupt(name) } }
  func kill(_ names: [String]) { for name in names { kill(name) } }

  private func interrupt(_ name: String) {
    log.append("interrupt \(name)")
    running[name] = (clock.now - length + 1, .interrupted)
  }

  private func kill(_ name: String) {
    log.append("kill \(name)")
    running[name] = (clock.now - length, .crashed(signal: 9))
  }

  func sighting(of name: String) -> Sighting { sightings[name] ?? .free }
  func savedProgress(of name: String) -> Int { saved[name] ?? 0 }
  func recordFailure(of name: String, _ end: JobEnd) { log.append("failed \(name)") }
  func heartbeat(of name: String) -> Heartbeat? {
    running[name].map {
      Heartbeat(
        phase: .training, epoch: 1, epochs: 2, step: 1, steps: 2, loss: 1, lastLoss: nil, best: nil,
        fraction: min(1, (clock.now - $0.since) / length),
        secondsLeft: hasMeasured ? max(0, $0.since + length - clock.now) : nil, written: clock.date)
    }
  }

  /// Whether workers say how long they will take.
  var hasMeasured = true
  /// Whose process was not heard of from when on.
  var silentFrom: [String: Double] = [:]
  func silence(of name: String) -> String? { (silentFrom[name] ?? .infinity) <= clock.now ? "no sign of life" : nil }
  /// What was taken away of the place of a run.
  var lost: [String: LostPlace] = [:]
  func lostPlace(of name: String) -> LostPlace? { lost[name] }
  var holder: String?
  func holder(of name: String) -> String? { holder }
}

final class RecordingDisplay: SweepDisplay {
  var events: [SweepEvent] = []
  var snapshots: [SweepSnapshot] = []
  var isClosed = false
  func note(_ event: SweepEvent) { events.append(event) }
  func update(_ snapshot: SweepSnapshot) { snapshots.append(snapshot) }
  func close() { isClosed = true }
}
