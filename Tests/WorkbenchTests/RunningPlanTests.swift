import Experiments
import Foundation
import Store
import TestSupport
import Testing
import Workbench

/// An experiment's file that is changed while its sweep runs.
@Suite struct RunningPlanTests {
  @Test func statusSaysWhichPlanTheRunningSweepHas() throws {
    let sweep = try SmallSweep.trained()
    let temporary = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["training.epochs=3"])
    // A sweep of three epochs has begun its first run.
    let opened = try ExperimentOpening(
      specification: temporary, workspace: sweep.workspace, workers: 1, report: { _ in }
    ).open()
    let run = opened.plan.runs[0]
    let directory = sweep.workspace.runDirectory(named: run.directoryName)
    try directory.create(
      planJSON: run.plan.canonicalJSON, identity: run.identity,
      environment: .current(programVersion: "1", instructionSet: "scalar", threads: 1, commandLine: []))
    let lock = try #require(try RunLock.acquire(directory))
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
