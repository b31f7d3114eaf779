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

  /// Of a copy of the file in another folder, which is told by the dataset that both name.
  @Test func theWorkspaceBesideTheDatasetIsMeant() throws {
    let sweep = try SmallSweep.trained()
    let far = sweep.folder.appending(path: "a/b/c/d/e")
    try FileManager.default.createDirectory(at: far, withIntermediateDirectories: true)
    let copy = far.appending(path: "small.json")
    try FileManager.default.copyItem(at: sweep.folder.appending(path: "small.json"), to: copy)
    var settings = SweepSession.Settings()
    (settings.isWorkspaceAsked, settings.executor, settings.dryRun) = (false, "here", true)
    let session = SweepSession(
      specification: try Specification.load(copy, overrides: ["dataset.path=\(sweep.path("phantom"))"]),
      workspace: Workspace(far.appending(path: "Workspace")), settings: settings, program: SmallSweep.program,
      machine: .init(cores: 2, freeMemory: 1 << 40), executors: ExecutorList([.here()]), console: console)
    let error = #expect(throws: RunsElsewhere.self) { try session.run(stop: StopFlag()) }
    #expect(error?.other == sweep.workspace.root.path && error?.runs == 4, "\(error?.description ?? "")")
  }

  /// It would be taken for a run, and everything trained anew.
  @Test(arguments: ["runs", "runs/RUN", "runs/new/Workspace"])
  func aWorkspaceAmongRunsIsRefused(place: String) throws {
    let sweep = try SmallSweep.trained()
    let run = try sweep.workspace.runDirectories()[0].name
    var settings = SweepSession.Settings()
    (settings.isWorkspaceAsked, settings.executor) = (true, "here")
    let inner = Workspace(sweep.workspace.root.appending(path: place.replacing("RUN", with: run)))
    let session = SweepSession(
      specification: try sweep.specification(), workspace: inner, settings: settings, program: SmallSweep.program,
      machine: .init(cores: 2, freeMemory: 1 << 40), executors: ExecutorList([.here()]), console: console)
    let error = #expect(throws: UsageError.self) { try session.run(stop: StopFlag()) }
    #expect(error == .workspaceInRuns(workspace: inner.root.relativePath, outer: sweep.workspace.root.path))
    #expect(error?.description.contains("give --workspace \(sweep.workspace.root.path), or a folder outside") == true)
  }

  /// Whoever types the command in another folder is told where the runs are.
  @Test func anotherWorkspaceOfTheExperimentIsNamed() throws {
    let sweep = try SmallSweep.trained()
    var settings = SweepSession.Settings()
    (settings.dryRun, settings.executor) = (true, "here")
    let workspace = Workspace(sweep.folder.appending(path: "sub/Workspace"))
    func said(_ specification: Specification) throws -> String {
      let console = RecordedConsole()
      let session = SweepSession(
        specification: specification, workspace: workspace,
        settings: settings, program: SmallSweep.program, machine: .init(cores: 2, freeMemory: 1 << 40),
        executors: ExecutorList([.here()]), console: console)
      _ = try session.run(stop: StopFlag())
      return console.errors
    }
    let words =
      "no run of small was begun in \(workspace.root.path) yet, and \(sweep.workspace.root.path) has 4 runs of it."
      + " `--workspace \(sweep.workspace.root.path)` goes on there."
    #expect(try said(sweep.specification()).contains("notice: \(words)"))
    #expect(try !said(sweep.specification(["name=other"])).contains("goes on there"))
    // Where nobody named the folder, that is no notice in passing.
    settings.isWorkspaceAsked = false
    let error = #expect(throws: RunsElsewhere.self) { try said(sweep.specification()) }
    #expect(
      error?.description
        == "\(words) To train all of them anew, give `--workspace \(workspace.root.path)`; nothing was done.")
    #expect(try !said(sweep.specification(["name=other"])).contains("goes on there"))
    #expect(!FileManager.default.fileExists(atPath: workspace.root.path))
    // One with runs of others is no better than none; where it is not known whose they are, they may be these.
    try workspace.prepare()
    #expect(throws: RunsElsewhere.self) { try said(sweep.specification()) }
    let run = try #require(sweep.workspace.runDirectories().first)
    try FileManager.default.copyItem(at: run.url, to: workspace.runsFolder.appending(path: run.name))
    #expect(try said(sweep.specification()).contains("notice: \(words)"))
    // Those of a file that is there and has the same name are another experiment's, unless it asks for the same.
    let (first, other) = (sweep.folder.appending(path: "small.json"), sweep.folder.appending(path: "twin.json"))
    let text = try String(contentsOf: first, encoding: .utf8)
    try Data(text.replacing("\"epochs\": 1", with: "\"epochs\": 2").utf8).write(to: other)
    #expect(try !said(Specification.load(other)).contains("goes on there"))
    try Data(text.utf8).write(to: other)
    #expect(try said(Specification.load(other)).contains("notice: \(words)"))
  }

  /// The record is of the file that was run last: what the first has trained is found all the same.
  @Test(arguments: [1, 2]) func anotherFileOfTheNameHidesNoRuns(epochs: Int) throws {
    let sweep = try SmallSweep.trained()
    let (first, second) = (sweep.folder.appending(path: "small.json"), sweep.folder.appending(path: "second.json"))
    let text = try String(contentsOf: first, encoding: .utf8)
    try Data(text.replacing("\"epochs\": 1", with: "\"epochs\": \(epochs)").utf8).write(to: second)
    func run(_ file: URL, in workspace: Workspace) throws {
      var settings = SweepSession.Settings()
      (settings.executor, settings.isWorkspaceAsked, settings.selection.only) = ("here", false, ["Base"])
      let session = SweepSession(
        specification: try Specification.load(file), workspace: workspace, settings: settings,
        program: SmallSweep.program, machine: .init(cores: 2, freeMemory: 1 << 40),
        executors: ExecutorList([.here()]), console: RecordedConsole())
      _ = try session.run(stop: StopFlag())
    }
    try run(second, in: sweep.workspace)
    let elsewhere = Workspace(sweep.folder.appending(path: "sub/Workspace"))
    for (file, runs) in [(first, 4), (second, epochs == 1 ? 4 : 6)] {
      let error = #expect(throws: RunsElsewhere.self) { try run(file, in: elsewhere) }
      #expect(
        error?.runs == runs && error?.other == sweep.workspace.root.path,
        "\(file.lastPathComponent): \(error?.description ?? "")")
    }
  }

  /// Two files of one name: the second says so, and what the first has trained is not unclaimed.
  @Test func anotherFileOfTheNameIsToldAndKeepsItsRuns() throws {
    let sweep = try SmallSweep.trained()
    let names = try sweep.workspace.runNames()
    let first = sweep.folder.appending(path: "small.json")
    // By a way that the copy of a project keeps.
    #expect(sweep.workspace.experimentRecords().first { $0.name == "small" }?.file == "../small.json")
    let second = sweep.folder.appending(path: "second.json")
    let text = try String(contentsOf: first, encoding: .utf8).replacing("\"epochs\": 1", with: "\"epochs\": 2")
    try Data(text.utf8).write(to: second)
    func run(_ file: URL) throws -> String {
      let console = RecordedConsole()
      var settings = SweepSession.Settings()
      settings.executor = "here"
      settings.selection.only = ["Base"]
      let session = SweepSession(
        specification: try Specification.load(file), workspace: sweep.workspace, settings: settings,
        program: SmallSweep.program, machine: .init(cores: 2, freeMemory: 1 << 40),
        executors: ExecutorList([.here()]), console: console)
      _ = try session.run(stop: StopFlag())
      return console.errors
    }
    #expect(try !run(first).contains("the name small"))
    let told = try run(second)
    #expect(
      told.contains(
        "warning: the name small is that of \(first.resolvingSymlinksInPath().path), too, of which"
          + " \(sweep.workspace.root.path) holds 4 runs: "), "\(told)")
    try ownRunsAreListed(sweep, first, second)
    let removable = { (files: [URL]) in
      try RemovableRuns(unclaimedBy: files.map { try Specification.load($0) }).names(in: sweep.workspace)
    }
    #expect(try removable([]).isEmpty && removable([second]).isEmpty && removable([first]).isEmpty)
    // What a file asks for no more is nobody's, and that of a file with mistakes is kept.
    try Data("{".utf8).write(to: first)
    #expect(try removable([second]).isEmpty)
    try Data(text.replacing("\"epochs\": 2", with: "\"epochs\": 3").utf8).write(to: first)
    #expect(try removable([second]) == names.filter { !$0.isEmpty })
    try FileManager.default.removeItem(at: first)
    #expect(try removable([second]) == names)
    let words = try sweep.workspace.summaries(of: names)
    #expect(
      words.count == 4
        && words.values.allSatisfy { $0.contains("  small (earlier)  ") && $0.hasSuffix("  finished  1 of 1 epoch") })
    #expect(words[names[0]]?.hasPrefix("\(names[0])  small (earlier)  Base") == true, "\(words)")
  }

  /// By the file each has its own runs, by the name all are shown and none is an earlier one.
  private func ownRunsAreListed(_ sweep: SmallSweep, _ first: URL, _ second: URL) throws {
    func list(_ file: URL?) throws -> (runs: [RunStatus], lines: [String], errors: String) {
      let console = RecordedConsole()
      var selection = RunList.Selection()
      (selection.experiment, selection.file) = ("small", file)
      let list = try RunList(selection, in: sweep.workspace, console: console)
      return (list.runs, list.lines(), console.errors)
    }
    let (own, other, all) = (try list(first), try list(second), try list(nil))
    #expect(own.runs.count == 4 && own.runs.allSatisfy { $0.files == ["../small.json"] }, "\(own.lines)")
    #expect(other.runs.map(\.variant) == ["Base", "Base"] && other.runs.allSatisfy { $0.files == ["../second.json"] })
    #expect(Set(own.runs.map(\.run)).isDisjoint(with: other.runs.map(\.run)) && all.runs.count == 6)
    #expect(
      own.errors.contains("is that of \(second.resolvingSymlinksInPath().path), too: 2 runs of it are not shown;"),
      "\(own.errors)")
    #expect(
      other.errors.contains(": 4 runs of it are not shown; --experiment small shows those of all files"),
      "\(other.errors)")
    #expect(all.errors.isEmpty && !all.lines.contains { $0.contains("(earlier)") })
    #expect(all.lines.count { $0.contains("  small (small.json)  ") } == 4)
    #expect(all.lines.count { $0.contains("  small (second.json)  Base ") } == 2)
    // Of a variant that both have, either can be given.
    let error = #expect(throws: UsageError.self) { try sweep.workspace.run(named: "Base", takesVariants: true) }
    let words = error?.description ?? ""
    #expect(words.contains("second.json --variant Base") && words.contains("small.json --variant Base"), "\(words)")
    // Runs that look alike but for their plans.
    let alike = try sweep.workspace.summaries(of: all.runs.map(\.run)).values
    #expect(
      alike.count { $0.hasSuffix("training.epochs: 2") } == 2 && alike.count { $0.hasSuffix("training.epochs: 1") } == 2
    )
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
