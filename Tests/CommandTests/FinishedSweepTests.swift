import Foundation
import TestSupport
import Testing

/// The small experiment, trained to its end. That is done once; every test has a copy of its own.
enum FinishedSweep {
  private static let made = Result {
    let program = try Program().keptUntilExit()
    return (program: program, result: try program("run", "small.json", "--threads", "1"))
  }

  /// How `safnet run` ended and what it printed.
  static var result: Program.Result { get throws { try made.get().result } }

  static func copy() throws -> Program { try Program(copying: made.get().program) }
}

/// What the commands make of a sweep that is finished.
@Suite struct FinishedSweepTests {
  private static let image = "phantom/MR/Case1.nii.gz"
  private static let truth = "phantom/Mask/mask_case1.nii.gz"

  @Test func everyRunIsFinishedAndTheNextCommandIsNamed() throws {
    let result = try FinishedSweep.result
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("finished SAFNet, fold 1"))
    #expect(
      result.errors.hasSuffix("All runs are finished. `safnet report small.json` makes the tables in Reports/.\n"))
  }

  /// The command that is named shows the same runs.
  @Test func theNextCommandHasTheOptionsThatMakeAnotherExperiment() throws {
    let program = try FinishedSweep.copy()
    try FileManager.default.moveItem(
      at: program.folder.appending(path: "Workspace"), to: program.folder.appending(path: "my runs"))
    let result = try program(
      "run", "small.json", "--threads", "1", "--only", "Base", "--set", "training.epochs=2", "--workspace", "my runs")
    #expect(
      result.errors.hasSuffix(
        "All runs that were asked for are finished. `safnet report small.json --set training.epochs=2"
          + " --workspace 'my runs'` makes the tables in Reports/.\n"), "\(result.errors)")
  }

  @Test func runningItAgainStartsNothing() throws {
    let program = try FinishedSweep.copy()
    let again = try program("run", "small.json", "--threads", "1")
    #expect(again.status == 0 && !again.errors.contains("started"))
    #expect(try program.journals().allSatisfy { $0.components(separatedBy: "\"event\":\"started\"").count == 2 })
  }

  @Test func statusCountsItsRuns() throws {
    let program = try FinishedSweep.copy()
    let status = try program.json("status", "small.json", "--json")
    #expect(status.count == 4 && status.allSatisfy { $0["state"] as? String == "finished" })
    #expect(try program("status", "small.json").output.contains("4 runs: 4 finished"))
  }

  @Test func runsAreListedShownAndCompared() throws {
    let program = try FinishedSweep.copy()
    let runs = try program.runNames()
    try #require(runs.count == 4)
    #expect(try program("runs", "show", runs[0]).output.contains("finished after"))
    let comparison = try program("runs", "compare", runs[0], runs[1]).output
    #expect(comparison.contains("fold.number") || comparison.contains("model."))
  }

  @Test func theIndexIsMadeAnew() throws {
    let program = try FinishedSweep.copy()
    try FileManager.default.removeItem(at: program.folder.appendingPathComponent("Workspace/index.sqlite"))
    #expect(try program("index").output.hasPrefix("4 runs in "))
  }

  @Test func aRunPredictsAndItsPredictionIsScored() throws {
    let program = try FinishedSweep.copy()
    let run = try #require(try program.runNames().first)
    let predicted = try program("predict", run, Self.image, "-o", "labels.nii.gz")
    #expect(predicted.status == 0, "\(predicted.errors)")
    let scored = try program("evaluate", "labels.nii.gz", Self.truth, "--run", run)
    #expect(scored.status == 0 && scored.output.contains("mean Dice"), "\(scored.errors)")
  }

  @Test func scoresOfCasesThatWereLearntFromAreWarnedOf() throws {
    let program = try FinishedSweep.copy()
    let run = try #require(try program.runNames().first)
    let predicted = try program("predict", run, "phantom/MR", "-o", "labels")
    #expect(predicted.status == 0, "\(predicted.errors)")
    let scored = try program("evaluate", "labels", "phantom/Mask", "--run", run)
    let words = " were trained on by \(run): their scores say nothing of new images\n"
    #expect(scored.errors.contains(words), "\(scored.errors)")
  }

  @Test func theTruthScoresAHundredAgainstItself() throws {
    let perfect = try FinishedSweep.copy()("evaluate", Self.truth, Self.truth)
    #expect(perfect.output.contains("mean Dice 100.00 %"))
  }

  @Test func aListOfFoldsThatNobodyReadsIsWarnedOf() throws {
    let program = try FinishedSweep.copy()
    let list = program.folder.appendingPathComponent("splits_final.json")
    try Data(#"[{"train": ["Case1"], "val": ["Case2"]}]"#.utf8).write(to: list)
    let sound = try program("validate", "small.json")
    let words = "/splits_final.json is not read, and folds are drawn here"
    #expect(sound.status == 0 && sound.errors.contains(words), "\(sound.errors)")
  }

  /// From another working directory a second one would be begun.
  @Test func aMethodIsNotImportedIntoAWorkspaceThatNobodyNamed() throws {
    let program = try FinishedSweep.copy()
    let place = program.folder.appendingPathComponent("sub")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
    let words = ["import", "predictions", "../phantom/Mask", "--experiment", "../small.json", "--name", "Theirs"]
    let refused = try ChildProgram(Program.executable, words, in: place).wait()
    #expect(refused.status == 2 && refused.errors.contains(" To import here all the same, "), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: place.appendingPathComponent("Workspace").path))
  }

  @Test func thatNoRunIsInTheStateIsSaid() throws {
    let none = try FinishedSweep.copy()("runs", "remove", "--state", "failed", "--yes")
    let words = "No run here is failed; `safnet status` shows the states of all.\n"
    #expect(none.status == 0 && none.errors.hasSuffix(words), "\(none.errors)")
  }

  @Test func removingARunNeedsYes() throws {
    let program = try FinishedSweep.copy()
    let runs = try program.runNames()
    let refused = try program("runs", "remove", runs[0])
    #expect(refused.status == 2 && refused.errors.contains("--yes"))
    #expect(try program.runNames() == runs)
  }

  @Test func aRemovedRunIsNoLongerKnown() throws {
    let program = try FinishedSweep.copy()
    let runs = try program.runNames()
    #expect(try program("runs", "remove", runs[0], "--yes").status == 0)
    #expect(try program.runNames() == Array(runs.dropFirst()))
    let unknown = try program("runs", "show", runs[0])
    #expect(unknown.status == 2 && unknown.errors.contains("there is no run '\(runs[0])'"))
  }
}
