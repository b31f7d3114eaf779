import Experiments
import Foundation
import Store
import TestSupport
import Testing
import Workbench

/// An experiment's file that is changed while its sweep runs.
@Suite struct RunningPlanTests {
  func specification(_ sweep: SmallSweep, epochs: Int) throws -> Specification {
    try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["training.epochs=\(epochs)"])
  }

  /// A sweep has begun its first run, which is trained as long as the lock is held.
  func begin(_ specification: Specification, in sweep: SmallSweep) throws -> RunLock {
    let opened = try ExperimentOpening(
      specification: specification, workspace: sweep.workspace, workers: 1, report: { _ in }
    ).open()
    let run = opened.plan.runs[0]
    let directory = sweep.workspace.runDirectory(named: run.directoryName)
    try directory.create(
      planJSON: run.plan.canonicalJSON, identity: run.identity,
      environment: .current(programVersion: "1", instructionSet: "scalar", threads: 1, commandLine: []))
    return try #require(try RunLock.acquire(directory))
  }

  @Test func statusSaysWhichPlanTheRunningSweepHas() throws {
    let sweep = try SmallSweep.trained()
    let lock = try begin(specification(sweep, epochs: 3), in: sweep)
    defer { lock.release() }
    let console = RecordedConsole()
    let changed = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["training.epochs=4"])
    let statuses = try StatusBoard(workspace: sweep.workspace, of: changed, console: console).read()
    #expect(statuses.allSatisfy { $0.state == .queued })
    #expect(
      console.errors.contains(
        "notice: a sweep is training a run of an earlier plan, and goes on with it; what the experiment says now comes"
          + " after it, with another `safnet run` (was and is):\n  SAFNet fold 1: training.epochs: was 3, is 4"),
      "\(console.errors)")
  }

  /// A mask that is replaced while the first runs are trained: they are shown, and what has changed is said.
  @Test func aMaskThatIsReplacedMeanwhileIsNamed() throws {
    let sweep = try SmallSweep.trained()
    let own = try specification(sweep, epochs: 3)
    let lock = try begin(own, in: sweep)
    let masks = sweep.folder.appendingPathComponent("phantom/Mask")
    let names = try FileManager.default.contentsOfDirectory(atPath: masks.path).sorted()
    try FileManager.default.removeItem(at: masks.appendingPathComponent(names[0]))
    try FileManager.default.copyItem(
      at: masks.appendingPathComponent(names[1]), to: masks.appendingPathComponent(names[0]))
    let console = RecordedConsole()
    let statuses = try StatusBoard(workspace: sweep.workspace, of: own, console: console).read()
    #expect(statuses.first?.state == .running)
    #expect(
      console.errors.contains("since the running sweep was started: it goes on with the earlier content"),
      "\(console.errors)")
    #expect(console.errors.contains("mask"), "\(console.errors)")
    lock.release()
    let after = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: own, console: after).read()
    #expect(!after.errors.contains("running sweep"))
  }

  /// Runs that stand in an experiment's places, and are another's.
  @Test func runsOfAnotherExperimentAreCalledSo() throws {
    let sweep = try SmallSweep.trained()
    let other = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["name=other", "training.epochs=3"])
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: other, console: console).read()
    #expect(
      console.errors.contains(
        "notice: 4 finished runs are of another experiment, small (was there and is here):\n"
          + "  SAFNet fold 1, 2; Base fold 1, 2: training.epochs: was 1, is 3\n"), "\(console.errors)")
  }

  @Test func whatWasNeverBegunIsSaid() throws {
    let sweep = try SmallSweep.trained()
    let other = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"),
      overrides: ["name=other", #"variants=[{"name":"U","model":{"kind":"unet3d"}}]"#])
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: other, console: console).read()
    #expect(
      console.errors
        == "notice: nothing of other was begun in \(sweep.workspace.root.path) yet; `safnet run` trains what it asks for\n"
    )
    let own = RecordedConsole()
    let board = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: own)
    #expect(own.errors.isEmpty)
    var part = RunSelection()
    part.seeds = [5]
    let selection = try StatusSelection(part, nil)
    #expect(throws: UsageError.nothingShown(options: "--seeds 5", runs: 4)) { try selection.chosen(from: board.read()) }
    #expect(try selection.chosen(from: []).isEmpty)
  }

  @Test func manyRunsAreALineForEachVariant() {
    let statuses = (0..<120).map { number -> RunStatus in
      var status = RunStatus(run: "r\(number)", state: number < 60 ? .finished : number == 61 ? .failed : .queued)
      (status.variant, status.fold, status.seed) = (number % 2 == 0 ? "A" : "B", number / 20 + 1, UInt64(number))
      status.testDice = number < 60 ? 0.5 : nil
      return status
    }
    let lines = StatusTable.lines(statuses, all: false)
    #expect(lines.count == 3 + 4 + 1, "\(lines)")
    #expect(lines[1].hasPrefix("A ") && lines[1].contains("50.00 %") && lines[2].hasPrefix("B "))
    #expect(lines.last == "120 runs: 59 queued, 60 finished, 1 failed; --all shows each")
    #expect(StatusTable.lines(statuses).count == 123)
  }
}
