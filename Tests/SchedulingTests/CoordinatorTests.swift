import Foundation
import Scheduling
import Store
import Testing

@Suite struct CoordinatorTests {
  let clock = TestClock()
  let world: TestWorld
  let display = RecordingDisplay()

  init() { world = TestWorld(clock: clock) }

  func runs(_ names: [String]) -> [SweepRun] {
    names.map {
      let directory = URL(fileURLWithPath: "/runs/\($0)")
      return SweepRun(
        name: $0, label: "run \($0)", directory: directory, log: directory.appendingPathComponent("run.log"), work: 1)
    }
  }

  func coordinate(
    _ names: [String], jobs: Int = 2, policy: Sweep.FailurePolicy = .keepGoing, devices: [String] = [],
    stops: () -> Int = { 0 }
  ) -> SweepOutcome {
    Coordinator(
      runs: runs(names), sweep: Sweep(runs: names, retry: RetryPolicy(retries: 1), failurePolicy: policy),
      allotment: Allotment(cores: 4, memory: 100, memoryPerRun: 1, runs: names.count, jobs: jobs),
      devices: DevicePool(devices), executor: world, watcher: world, display: display, clock: clock
    ).run(stopRequests: stops)
  }

  @Test func keepsAsManyWorkersBusyAsAllowed() {
    let outcome = coordinate(["a", "b", "c", "d", "e"])
    #expect(outcome.finished.map(\.name) == ["a", "b", "c", "d", "e"])
    #expect(outcome.failed.isEmpty && outcome.interrupted.isEmpty && !outcome.wasStopped)
    #expect(world.mostAtOnce == 2)
    #expect(world.log == ["start a x2", "start b x2", "start c x2", "start d x2", "start e x4"])
    #expect(clock.now < 31)
    #expect(display.isClosed)
  }

  /// Whatever becomes of the workers, and though one more could start.
  @Test func noTwoWorkersHaveOneDevice() {
    world.script = ["a": [.crashed(signal: 6)], "c": [.refused]]
    world.refusesToStart = ["d"]
    let outcome = coordinate(["a", "b", "c", "d", "e", "f"], jobs: 3, devices: ["pjrt", "pjrt:1"])
    #expect(world.mostAtOnce == 2 && world.mostOnOneDevice == 1)
    #expect(Set(world.devices.values) == ["pjrt", "pjrt:1"])
    #expect(outcome.finished.map(\.name) == ["a", "b", "e", "f"] && outcome.failed.map(\.name) == ["c", "d"])
    let started = display.events.compactMap { if case .started = $0 { ProgressText.event($0) } else { nil } }
    #expect(started.prefix(2) == ["started run a (pjrt, 1 thread)", "started run b (pjrt:1, 1 thread)"])
  }

  @Test func aDeviceThatCrashesIsSetAsideAndTheOthersGoOn() {
    world.crashesOn = ["pjrt:1"]
    let outcome = coordinate(["a", "b", "c", "d"], devices: ["pjrt", "pjrt:1"])
    #expect(outcome.finished.count == 4 && outcome.failed.isEmpty)
    #expect(world.startedOn == ["pjrt", "pjrt:1", "pjrt:1", "pjrt", "pjrt", "pjrt"])
    let lines = display.events.filter { if case .setAside = $0 { true } else { false } }
    #expect(lines == [.setAside(device: "pjrt:1")])
    #expect(ProgressText.event(lines[0]).hasPrefix("pjrt:1 is set aside: workers of 2 runs crashed on it"))
  }

  @Test func whereEveryDeviceCrashesTheSweepEndsWithOneError() {
    world.crashesOn = ["pjrt", "pjrt:1"]
    let outcome = coordinate(["a", "b", "c", "d", "e", "f", "g", "h"], devices: ["pjrt", "pjrt:1"])
    #expect(world.startedOn == ["pjrt", "pjrt:1", "pjrt", "pjrt:1"])
    #expect(outcome.failed.isEmpty && outcome.interrupted.count == 8 && !outcome.wasStopped)
    #expect(display.events.count { $0 == .spent } == 1)
    #expect(ProgressText.event(.spent).hasPrefix("error: on every device workers of 2 runs crashed"))
  }

  /// Whoever ends workers from outside says nothing about their devices.
  @Test func killedWorkersAreNoReason() {
    let names = ["a", "b", "c", "d"]
    world.script = Dictionary(uniqueKeysWithValues: names.map { ($0, [.crashed(signal: 9)]) })
    let outcome = coordinate(names, devices: ["pjrt", "pjrt:1"])
    #expect(outcome.finished.count == 4)
    #expect(!display.events.contains { if case .setAside = $0 { true } else { $0 == .spent } })
  }

  @Test func finishedRunsAreNotTrainedAgain() {
    world.sightings = ["a": .finished, "c": .finished]
    let outcome = coordinate(["a", "b", "c"])
    #expect(world.log == ["start b x4"])
    #expect(outcome.finished.count == 3)
  }

  @Test func lockedRunsAreTakenOverWhenFreed() {
    world.sightings = ["a": .locked, "b": .locked]
    let outcome = coordinate(
      ["a", "b"],
      stops: {
        if clock.now > 5 { world.sightings["a"] = .finished }
        if clock.now > 7, world.sightings["b"] == .locked { world.sightings["b"] = .free }
        return 0
      })
    #expect(world.log == ["start b x4"])
    #expect(outcome.finished.map(\.name) == ["a", "b"])
    #expect(
      display.events.prefix(3) == [.elsewhere(runs(["a"])[0]), .elsewhere(runs(["b"])[0]), .idle(elsewhere: 2)])
    #expect(display.events.count { if case .idle = $0 { true } else { false } } == 1)
  }

  /// Told only once this command's own runs have ended.
  @Test func whoHasWorkOfItsOwnDoesNotYetWait() throws {
    world.sightings = ["a": .locked]
    _ = coordinate(
      ["a", "b"],
      stops: {
        if clock.now > 20 { world.sightings["a"] = .finished }
        return 0
      })
    let idle = try #require(display.events.firstIndex(of: .idle(elsewhere: 1)))
    let own = try #require(display.events.firstIndex { if case .finished = $0 { true } else { false } })
    #expect(own < idle, "\(display.events)")
  }

  @Test func theSweepGoesOnPastAFailedRun() {
    world.script = ["a": [.refused], "b": [.crashed(signal: 11), .crashed(signal: 11)]]
    let outcome = coordinate(["a", "b", "c"], jobs: 1)
    #expect(outcome.failed.map(\.name) == ["a", "b"])
    #expect(outcome.finished.map(\.name) == ["c"])
    #expect(world.log.filter { $0.hasPrefix("start b") }.count == 2)
    #expect(!outcome.wasStopped)
  }

  @Test func failFastInterruptsTheOthers() {
    world.script = ["a": [.refused], "b": [.crashed(signal: 9)]]
    let outcome = coordinate(["a", "b", "c"], jobs: 1, policy: .failFast)
    #expect(world.log == ["start a x4", "failed a"])
    #expect(outcome.failed.map(\.name) == ["a"])
    #expect(outcome.interrupted.map(\.name) == ["b", "c"])
    #expect(!outcome.wasStopped)
  }

  @Test func crashesWithProgressGoOnForEver() {
    world.script = ["a": Array(repeating: .crashed(signal: 9), count: 9)]
    let outcome = coordinate(
      ["a"],
      stops: {
        world.saved["a"] = Int(clock.now)
        return 0
      })
    #expect(outcome.finished.map(\.name) == ["a"])
    #expect(world.log.count == 10)
  }

  @Test func oneStopRequestInterruptsAndASecondKills() {
    let gentle = coordinate(["a", "b", "c"], stops: { clock.now > 3 ? 1 : 0 })
    #expect(world.log.suffix(2) == ["interrupt a", "interrupt b"])
    #expect(gentle.interrupted.map(\.name) == ["a", "b", "c"])
    #expect(gentle.wasStopped)
    #expect(clock.now < 6)
  }

  @Test func aSecondStopRequestKills() {
    let outcome = coordinate(["a"], stops: { clock.now > 3.5 ? 2 : clock.now > 3 ? 1 : 0 })
    #expect(world.log == ["start a x4", "interrupt a", "kill a"])
    #expect(display.events.dropFirst().prefix(2) == [.stopping(running: 1), .killing(running: 1)])
    #expect(outcome.wasStopped)
    #expect(outcome.interrupted.map(\.name) == ["a"])
  }

  @Test func aWorkerThatCannotStartFailsAfterItsRetries() {
    world.refusesToStart = ["a"]
    let outcome = coordinate(["a", "b"])
    #expect(outcome.failed.map(\.name) == ["a"])
    #expect(outcome.finished.map(\.name) == ["b"])
    #expect(world.log == ["start b x2", "failed a"])
    let run = runs(["a"])[0]
    let end = JobEnd.notStarted(reason: "CannotStart()")
    // One retry, after the policy's two seconds; then it is given up, and says so once.
    #expect(
      display.events.filter { if case .started = $0 { false } else if case .finished = $0 { false } else { true } }
        == [.retrying(run, end, inSeconds: 2), .failed(run, end)])
    #expect(end.reason == "could not be started: CannotStart()")
  }

  @Test func jobsLeftAtWorkAreAdoptedNotStartedAgain() {
    world.leftAtWork = ["b"]
    world.sightings = ["b": .locked]
    let outcome = coordinate(["a", "b"])
    #expect(world.log == ["start a x2"])
    #expect(outcome.finished.map(\.name) == ["a", "b"])
  }

  @Test func aQueuedJobSaysWhyOnceAndItsTimeCountsFromItsStart() {
    world.queuedUntil = ["a": 5]
    let outcome = coordinate(["a"])
    #expect(outcome.finished.count == 1)
    let run = runs(["a"])[0]
    #expect(display.events.prefix(2) == [.started(run, threads: 4), .queued(run, reason: "Resources")])
    guard case .finished(_, let seconds)? = display.events.last else { return #expect(Bool(false)) }
    #expect(abs(seconds - 5) < 0.5)
  }

  @Test func aStopLeavesJobsThatOutliveUs() {
    world.outlivesCoordinator = true
    let outcome = coordinate(["a", "b", "c"], stops: { clock.now > 3 ? 1 : 0 })
    #expect(world.log == ["start a x2", "start b x2"])
    #expect(display.events.last == .leaving(running: 2))
    #expect(outcome.interrupted.count == 3 && outcome.wasStopped)
  }

  @Test func ofALostJobTheRunDirectoryKnowsTheEnd() {
    world.script = ["a": [.lost(reason: "gone from the queue")], "b": [.lost(reason: "its node failed")]]
    let outcome = coordinate(
      ["a", "b"],
      stops: {
        if clock.now > 5 { world.sightings["a"] = .finished }
        return 0
      })
    #expect(outcome.finished.map(\.name) == ["a", "b"])
    #expect(world.log.filter { $0.hasPrefix("start") } == ["start a x2", "start b x2", "start b x4"])
  }

  @Test func timeLeftComesFromTheMeasuredPace() throws {
    _ = coordinate(["a", "b", "c", "d"])
    // After 5 s two of four equal runs of 10 s are half done: 3 runs of work for 2 workers, 15 s.
    let snapshot = try #require(display.snapshots.first { ($0.running.first?.heartbeat?.fraction ?? 0) >= 0.5 })
    let left = try #require(snapshot.secondsLeft)
    #expect(abs(left - 15) < 0.5)
  }

  /// Steps without validation would promise too much.
  @Test func beforeAWorkerHasMeasuredAnEpochNothingIsPromised() {
    world.hasMeasured = false
    _ = coordinate(["a", "b"])
    #expect(display.snapshots.allSatisfy { $0.running.isEmpty || $0.secondsLeft == nil })
  }

  /// Once when it falls silent, and then rarely; who only works is named rarely too.
  @Test func whoIsWaitedForIsToldNowAndThen() {
    (world.sightings, world.silentFrom) = (["a": .locked, "b": .locked], ["a": 100])
    world.holder = "process 7 on there"
    _ = coordinate(["a", "b"], stops: { clock.now > 2000 ? 1 : 0 })
    func said(_ name: String) -> [String] {
      display.events.compactMap {
        if case .said(let run, let words) = $0, run.name == name { words } else { nil }
      }
    }
    let silent = "its process shows no sign of life"
    #expect(said("a") == ["process 7 on there"] + Array(repeating: silent, count: 4))
    #expect(said("b") == ["process 7 on there"] + Array(repeating: "this waits for process 7 on there", count: 3))
  }

  /// A stopped worker writes nothing, and its coordinator is all that its user sees.
  @Test func aSilentWorkerOfOursIsTold() {
    (world.silentFrom, world.length) = (["a": 3], 8)
    _ = coordinate(["a", "b"])
    let said = display.events.compactMap {
      if case .said(let run, let words) = $0 { "\(run.name): \(words)" } else { nil }
    }
    #expect(said == ["a: its process shows no sign of life"])
  }

  /// What a killed worker had no time to save is not called saved.
  @Test func whoIsEndedAtOnceIsNotSaidToHaveSaved() {
    let outcome = coordinate(["a"], stops: { clock.now > 2 ? 2 : 0 })
    #expect(outcome.interrupted.map(\.name) == ["a"])
    #expect(display.events.contains { if case .cutOff = $0 { true } else { false } })
    #expect(!display.events.contains { if case .interrupted = $0 { true } else { false } })
  }

  /// Two units of work a second are expected, one is measured.
  @Test func whatIsExpectedStandsUntilSomethingIsMeasured() {
    var pace = SweepPace(expected: 2)
    #expect(pace.secondsLeft(work: 40, workers: 2, longest: nil) == 10)
    #expect(SweepPace().secondsLeft(work: 40, workers: 2, longest: nil) == nil)
    pace.add(work: 5, seconds: 5)
    #expect(pace.secondsLeft(work: 40, workers: 2, longest: nil) == 20)
  }
}
