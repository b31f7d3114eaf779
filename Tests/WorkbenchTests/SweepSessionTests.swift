import Experiments
import Foundation
import Scheduling
import Store
import Testing
import Training
import Workbench

@Suite struct SweepSessionTests {
  let console = RecordedConsole()
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep() }

  @Test func aSweepTrainsEveryRunAndThenNothing() throws {
    let first = Submissions()
    let outcome = try sweep.session(console, executor: .here(first)).run(stop: StopFlag())
    #expect(outcome.finished.map(\.label) == ["SAFNet, fold 1", "SAFNet, fold 2", "Base, fold 1", "Base, fold 2"])
    #expect(first.names.count == 4 && outcome.failed.isEmpty && !outcome.wasStopped)
    #expect(console.errors.contains("checking and preparing cases: 8 of 8\n"))
    #expect(console.errors.contains("started SAFNet, fold 1 (") && console.errors.contains("finished Base, fold 2 in "))
    #expect(outcome.closingWords(file: "x.json").hasPrefix("All runs are finished. `safnet report x.json`"))
    let environment = try #require(try sweep.workspace.runDirectories().first).readPlan().environment
    #expect(environment.programVersion == "test" && environment.commandLine == ["safnet", "run", "small.json"])

    let second = Submissions()
    #expect(try sweep.session(console, executor: .here(second)).run(stop: StopFlag()).finished.count == 4)
    #expect(second.names.isEmpty)
  }

  @Test func dryRunsSayWhatWouldBeTrained() throws {
    let sweep = try SmallSweep.trained()
    let gone = try #require(sweep.workspace.runDirectories().first { $0.name.hasPrefix("safnet-base-f2") })
    try FileManager.default.removeItem(at: gone.url)
    var settings = SweepSession.Settings()
    (settings.dryRun, settings.selection.only) = (true, ["Base"])
    let submissions = Submissions()
    _ = try sweep.session(console, executor: .here(submissions), settings: settings).run(stop: StopFlag())
    #expect(submissions.names.isEmpty && !gone.exists)
    #expect(console.output.count == 3 && console.output[0].hasPrefix("finished  Base, fold 1  safnet-base-f1-"))
    #expect(console.output[1] == "would train  Base, fold 2  \(gone.name)")
    #expect(console.output[2] == "1 of 2 runs, 1 at once, 2 threads each, by here")
    try FileManager.default.createDirectory(at: gone.url, withIntermediateDirectories: false)
    let lock = try #require(try RunLock.acquire(gone))
    defer { lock.release() }
    _ = try sweep.session(console, executor: .here(submissions), settings: settings).run(stop: StopFlag())
    #expect(console.output[4] == "is being trained  Base, fold 2  \(gone.name)")
  }

  /// Nothing is trained for them, and who is told of them is not sent here in vain.
  @Test func damagedLinesBehindTheEndOfARunAreCutOff() throws {
    let sweep = try SmallSweep.trained()
    let run = try #require(try sweep.workspace.runDirectories().first)
    let whole = try Data(contentsOf: run.journal)
    try (whole + Data("rubbish\n".utf8)).write(to: run.journal)
    func notice() throws -> String? {
      try WorkspaceIndex(sweep.workspace).refreshedRuns().first { $0.name == run.name }?.notice
    }
    #expect(try notice()?.contains("Give `safnet run` with its experiment") == true)
    let submissions = Submissions()
    _ = try sweep.session(console, executor: .here(submissions)).run(stop: StopFlag())
    #expect(submissions.names.isEmpty && console.errors.contains("what follows that was cut off\n"))
    #expect(try Data(contentsOf: run.journal) == whole)
    #expect(try notice() == nil)
  }

  @Test func whyFinishedRunsAreTrainedAnewIsSaid() throws {
    let sweep = try SmallSweep.trained()
    var settings = SweepSession.Settings()
    settings.dryRun = true
    _ = try sweep.session(console, settings: settings, overrides: ["training.epochs=3"]).run(stop: StopFlag())
    #expect(
      console.errors.contains(
        "notice: 4 finished runs are of an earlier plan (was and is):\n"
          + "  SAFNet fold 1, 2; Base fold 1, 2: training.epochs: was 1, is 3; `safnet run` goes on after the 1\n"),
      "\(console.errors)")
    let whole = RecordedConsole()
    _ = try sweep.session(whole, settings: settings).run(stop: StopFlag())
    #expect(!whole.errors.contains("earlier content"))
  }

  /// Runs that a `--set` began are no earlier ones of the file.
  @Test func whatASetHasTrainedIsToldByIt() throws {
    let sweep = try SmallSweep.trained()
    for run in try sweep.workspace.runDirectories() {
      try run.pretend(commandLine: ["safnet", "run", "small.json", "--set", "training.epochs=1"])
    }
    let file = sweep.folder.appending(path: "small.json")
    let text = try String(contentsOf: file, encoding: .utf8).replacing("\"epochs\": 1", with: "\"epochs\": 3")
    try Data(text.utf8).write(to: file)
    func told(_ overrides: [String]) throws -> String {
      let console = RecordedConsole()
      _ = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(overrides), console: console).read()
      return console.errors
    }
    #expect(
      try told([]).contains(
        "notice: 4 finished runs are of this experiment as --set training.epochs=1 changes it, which this command was not given"
      ))
    #expect(try !told(["training.epochs=1"]).contains("as --set"))
    #expect(try told(["training.batch=1"]).contains("as --set training.epochs=1 changes it"))
  }

  /// Though a dry run keeps no prepared cases.
  @Test func aDryRunNamesTheCasesThatHaveChanged() throws {
    let sweep = try SmallSweep.trained()
    let masks = sweep.folder.appending(path: "phantom/Mask")
    for number in [2, 3] {
      let mask = masks.appending(path: "mask_case\(number).nii.gz")
      var bytes = try Data(contentsOf: mask)
      // Gzip's operating system.
      bytes[9] = bytes[9] == 11 ? 3 : 11
      try bytes.write(to: mask)
    }
    var settings = SweepSession.Settings()
    settings.dryRun = true
    _ = try sweep.session(console, settings: settings).run(stop: StopFlag())
    #expect(
      console.errors.contains(
        "Base fold 1, 2: the dataset's content (of the same voxels, but packed anew, the files of Case2"),
      "\(console.errors)")
  }

  @Test func strangersAreNamed() throws {
    func run(_ change: (inout SweepSession.Settings) -> Void) throws {
      var settings = SweepSession.Settings()
      change(&settings)
      _ = try sweep.session(console, settings: settings).run(stop: StopFlag())
    }
    #expect(
      throws: UsageError.unknownVariant(option: "--only", name: "SAF", nearest: "SAFNet", known: ["SAFNet", "Base"])
    ) {
      try run { $0.selection.only = ["SAF"] }
    }
    #expect(!sweep.workspace.exists && console.errors.isEmpty, "before any case is prepared")
    #expect(throws: UsageError.unknownFold(number: 3, known: 2)) { try run { $0.selection.folds = [1, 3] } }
  }

  @Test func aMachineThatIsTooSmallIsRefusedUnlessForced() throws {
    var settings = SweepSession.Settings()
    settings.dryRun = true
    func run() throws {
      _ = try sweep.session(console, settings: settings, memory: 1 << 20)
        .run(stop: StopFlag())
    }
    #expect(throws: PreflightFailure.self) { try run() }
    #expect(console.errors.contains("error: SAFNet does not fit: ") && console.output.isEmpty)
    settings.force = true
    try run()
    #expect(console.errors.contains("warning: SAFNet does not fit: ") && console.output.count == 5)
  }

  /// Whichever way is the better one here: it is measured where a sweep is long and nobody chose, and said.
  @Test func aLongSweepMeasuresHowItsRunsShareTheMachine() throws {
    var settings = SweepSession.Settings()
    settings.selection.only = ["Base"]
    func said(_ change: (inout SweepSession.Settings) -> Void) throws -> String {
      var settings = settings
      change(&settings)
      let sweep = try SmallSweep()
      let console = RecordedConsole()
      _ = try sweep.session(console, executor: .here(ending: .refused, name: "local"), settings: settings)
        .run(stop: StopFlag())
      #expect(console.errors.contains("2 runs to train, less than a minute of steps, "))
      return console.errors
    }
    let line =
      #/(2 at once with 1 thread each; 1 with 2 threads trains|1 at once with 2 threads; 2 with 1 thread each train) /#
    let measured = try said { $0.sharingPaysAfter = 0 }
    #expect(
      measured.contains(line) && measured.contains("(measured with Base); --jobs and --threads choose otherwise\n"))
    #expect(try !said { _ in }.contains("choose otherwise"), "a short one begins at once")
    #expect(try !said { ($0.sharingPaysAfter, $0.jobs) = (0, 2) }.contains("choose otherwise"))
    #expect(try !said { ($0.sharingPaysAfter, $0.threads) = (0, 1) }.contains("choose otherwise"))
  }

  @Test func failuresAreShownWithTheEndOfTheirLogs() throws {
    var settings = SweepSession.Settings()
    (settings.selection.only, settings.selection.folds) = (["Base"], [1])
    let outcome = try sweep.session(console, executor: .here(ending: .refused), settings: settings)
      .run(stop: StopFlag())
    let failed = try #require(outcome.failed.first)
    #expect(
      console.errors.hasSuffix("\nBase, fold 1 failed. The end of \(failed.log.path):\n  first line\n  last words\n"))
    #expect(
      outcome.closingWords(file: "x.json").hasPrefix("1 of the runs failed; `safnet status x.json` says why. `safnet"))
  }

  /// As on a full disk: the reason is what the journal has.
  @Test func anEmptyLogIsNotShown() throws {
    var settings = SweepSession.Settings()
    (settings.selection.only, settings.selection.folds) = (["Base"], [1])
    _ = try sweep.session(console, executor: .here(ending: .refused, log: ""), settings: settings)
      .run(stop: StopFlag())
    #expect(console.errors.hasSuffix("\nBase, fold 1 failed:\n  failed\n"), "\(console.errors)")
    #expect(!console.errors.contains("The end of"))
  }

  @Test func aWishToStopEndsTheSweep() throws {
    let stop = StopFlag()
    stop.request("SIGTERM")
    let submissions = Submissions()
    let outcome = try sweep.session(console, executor: .here(submissions)).run(stop: stop)
    #expect(outcome.wasStopped && submissions.names.isEmpty && outcome.interrupted.count == 4)
    #expect(outcome.closingWords(file: "x") == "Interrupted; the same command goes on where this stopped.")
  }

  @Test func workersTellTheirSchedulerHowTheyEnded() {
    #expect(
      [.finished, .interrupted, .busy].map(WorkerExit.code) == [
        WorkerExit.finished, WorkerExit.interrupted, WorkerExit.busy,
      ])
    #expect(WorkerExit.code(CocoaError(.fileWriteOutOfSpace)) == WorkerExit.failed)
    #expect(WorkerExit.code(RunError.noEvaluableCheckpoint(run: "x")) == WorkerExit.refused)
  }
}
