import Foundation
import Scheduling
import Testing

/// Runs whose folders are removed or moved while they are trained, one of them or all.
@Suite struct LostPlaceTests {
  let clock = TestClock()
  let world: TestWorld
  let display = RecordingDisplay()

  init() { world = TestWorld(clock: clock) }

  func coordinate(_ names: [String], devices: [String] = [], stops: () -> Int = { 0 }) -> SweepOutcome {
    let runs: [SweepRun] = names.map {
      let directory = URL(fileURLWithPath: "/runs/\($0)")
      return SweepRun(
        name: $0, label: "run \($0)", directory: directory, log: directory.appendingPathComponent("run.log"), work: 1)
    }
    return Coordinator(
      runs: runs, sweep: Sweep(runs: names, retry: RetryPolicy(retries: 2), failurePolicy: .keepGoing),
      allotment: Allotment(cores: 4, memory: 100, memoryPerRun: 1, runs: names.count, jobs: 2),
      devices: DevicePool(devices), executor: world, watcher: world, display: display, clock: clock
    ).run(stopRequests: stops)
  }

  private var failures: [JobEnd] { display.events.compactMap { if case .failed(_, let end) = $0 { end } else { nil } } }

  private var isTriedAgain: Bool { display.events.contains { if case .retrying = $0 { true } else { false } } }

  /// Whether its worker ended or could not begin: the folder that another one would need is not there.
  @Test(arguments: [false, true]) func aRunWhoseFolderIsGoneIsNotTriedAgain(begins: Bool) {
    world.script = ["a": [.failed(status: 1)]]
    if !begins { world.refusesToStart = ["a"] }
    world.lost = ["a": .run]
    let outcome = coordinate(["a", "b"])
    #expect(outcome.failed.map(\.name) == ["a"] && outcome.finished.map(\.name) == ["b"])
    #expect(failures == [.gone(.run)] && !isTriedAgain && !outcome.hasLostWorkspace)
    #expect(world.log.count { $0 == "start a x2" } == (begins ? 1 : 0))
  }

  /// What somebody does with its folder afterwards is no failure of its worker.
  @Test func whoHasFinishedLosesNothing() {
    world.lost = ["a": .run]
    #expect(coordinate(["a"]).finished.map(\.name) == ["a"])
  }

  /// The display says nothing of each: whoever runs the sweep says it once.
  @Test(arguments: [false, true]) func withoutAWorkspaceTheSweepEnds(outlives: Bool) {
    (world.crashesOn, world.outlivesCoordinator) = (["pjrt"], outlives)
    let names = ["a", "b", "c"]
    let outcome = coordinate(
      names, devices: ["pjrt", "pjrt:1"],
      stops: {
        if clock.now > 0.5 { for name in names { world.lost[name] = .workspace } }
        return 0
      })
    #expect(outcome.hasLostWorkspace && outcome.finished.isEmpty && !outcome.wasStopped)
    #expect(world.log == ["start a x2", "start b x2"] + (outlives ? [] : ["interrupt b"]))
    #expect(display.events.allSatisfy { if case .started = $0 { true } else { false } }, "\(display.events)")
    #expect(clock.now < 5)
  }

  /// An executor that keeps files of its own there would make it anew.
  @Test func withoutAWorkspaceNothingIsHandedIn() {
    world.lost = ["a": .workspace, "b": .workspace]
    let outcome = coordinate(["a", "b"])
    #expect(outcome.hasLostWorkspace && world.log.isEmpty && display.events.isEmpty)
  }
}
