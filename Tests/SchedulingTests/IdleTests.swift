import Foundation
import Scheduling
import Testing

/// When it is told that nothing is left but to wait for others.
@Suite struct IdleTests {
  /// A run that is tried again after a pause is work of its own.
  @Test func whoseRunIsTriedAgainDoesNotYetWait() throws {
    let clock = TestClock()
    let (world, display) = (TestWorld(clock: clock), RecordingDisplay())
    world.sightings = ["a": .locked]
    world.script = ["b": [.crashed(signal: 6)]]
    let names = ["a", "b"]
    let runs: [SweepRun] = names.map {
      let directory = URL(fileURLWithPath: "/runs/\($0)")
      return SweepRun(
        name: $0, label: "run \($0)", directory: directory, log: directory.appendingPathComponent("run.log"), work: 1)
    }
    let outcome = Coordinator(
      runs: runs, sweep: Sweep(runs: names, retry: RetryPolicy(retries: 1), failurePolicy: .keepGoing),
      allotment: Allotment(cores: 4, memory: 100, memoryPerRun: 1, runs: 2, jobs: 2), executor: world, watcher: world,
      display: display, clock: clock
    ).run(stopRequests: {
      if clock.now > 40 { world.sightings["a"] = .finished }
      return 0
    })
    #expect(outcome.finished.count == 2)
    let retry = try #require(display.events.firstIndex { if case .retrying = $0 { true } else { false } })
    let own = try #require(display.events.firstIndex { if case .finished = $0 { true } else { false } })
    let idle = try #require(display.events.firstIndex(of: .idle(elsewhere: 1)))
    #expect(retry < own && own < idle, "\(display.events)")
  }
}
