import Experiments
import Foundation
import Scheduling
import Store
import System
import TestSupport
import Testing
import Training
import Workbench

/// An experiment's file that is changed while its sweep runs.
@Suite struct RunningPlanTests {
  /// The first line of a worker's journal.
  private static let started = JournalEvent.started(
    WorkerRecord(host: "h", pid: 1, threads: 2, instructionSet: "avx512", programVersion: "1", attempt: 1))

  func specification(_ sweep: SmallSweep, epochs: Int) throws -> Specification {
    try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["training.epochs=\(epochs)"])
  }

  /// A sweep has begun its first run, which is trained as long as the lock is held.
  ///
  /// - Parameter isKnown: whether the workspace knows whose it is, as it does of every sweep.
  func begin(_ specification: Specification, in sweep: SmallSweep, isKnown: Bool = true) throws -> RunLock {
    let opened = try ExperimentOpening(
      specification: specification, workspace: sweep.workspace, workers: 1, report: { _ in }
    ).open()
    let run = opened.plan.runs[0]
    let directory = sweep.workspace.runDirectory(named: run.directoryName)
    if isKnown { try sweep.workspace.write(record(of: specification.name, opened.plan.runs)) }
    try directory.create(
      planJSON: run.plan.canonicalJSON, identity: run.identity,
      environment: .current(programVersion: "1", instructionSet: "scalar", threads: 1, commandLine: []))
    return try #require(try RunLock.acquire(directory))
  }

  private func record(of name: String, _ runs: [PlannedRun]) -> ExperimentRecord {
    let variants = Dictionary(grouping: runs, by: \.variant).map { name, own in
      ExperimentRecord.Variant(name: name, runs: own.map(\.directoryName))
    }
    return ExperimentRecord(name: name, variants: variants)
  }

  /// The first one by its neighbour.
  private func replaceAMask(in sweep: SmallSweep) throws {
    let masks = sweep.folder.appendingPathComponent("phantom/Mask")
    let names = try FileManager.default.contentsOfDirectory(atPath: masks.path).sorted()
    try FileManager.default.removeItem(at: masks.appendingPathComponent(names[0]))
    try FileManager.default.copyItem(
      at: masks.appendingPathComponent(names[1]), to: masks.appendingPathComponent(names[0]))
  }

  /// A run of an earlier plan that was interrupted: which it is, how far it is, in what it differs, and what to do.
  @Test(arguments: [true, false]) func anInterruptedRunOfAnEarlierPlanIsTold(isKnown: Bool) throws {
    let sweep = try SmallSweep.trained()
    let lock = try begin(specification(sweep, epochs: 9), in: sweep, isKnown: isKnown)
    let changed = try specification(sweep, epochs: 4)
    func told() throws -> String {
      let console = RecordedConsole()
      _ = try StatusBoard(workspace: sweep.workspace, of: changed, console: console).read()
      return console.errors
    }
    let run = try #require(sweep.workspace.runDirectories().first { try $0.state() == .running })
    let journal = try JournalWriter(url: run.journal)
    try journal.append(Self.started)
    for number in 1...2 {
      try journal.append(
        .epoch(
          EpochRecord(
            epoch: number, trainingLoss: 0.25, learningRate: 0.001, validationDice: [0.5], meanDice: 0.5, monitor: 0.5,
            seconds: 61)))
    }
    #expect(try !told().contains("begun and not finished"), "it is at work")
    // A report that has nothing to show says that something is on its way.
    let early = try ReportSession(
      specification: changed, workspace: sweep.workspace, output: sweep.path("r"), program: SmallSweep.program,
      console: RecordedConsole())
    let soon = #expect(throws: ReportRefusal.self) { try early.write(searchPath: "", console: RecordedConsole()) }
    #expect(soon?.description.contains("a sweep is training a run of ") == true, "\(soon?.description ?? "")")
    try journal.append(.interrupted(InterruptionRecord(reason: "SIGTERM", epoch: 2, stepInEpoch: 0)))
    lock.release()
    let words =
      "notice: a run of \(isKnown ? "an earlier" : "another") plan was begun and not finished, and `safnet run` does not go on with"
      + " it as the experiment says now (was and is):\n"
      + "  SAFNet fold 1 (2 of 9 epochs, interrupted): training.epochs: was 9, is 4\n"
      + (isKnown
        ? "  to finish it, put back what was and give `safnet run` again; else `safnet runs remove \(run.name) --yes` makes room\n"
        : "  the workspace does not know whose it is: with the experiment and the --set that asked for it, `safnet run` goes on\n")
    let said = try told()
    #expect(said.contains(words), "\(said)")
    // A sweep says so before it begins, and a report that has nothing to show.
    var settings = SweepSession.Settings()
    (settings.dryRun, settings.selection.only) = (true, ["SAFNet"])
    let console = RecordedConsole()
    _ = try sweep.session(console, settings: settings, overrides: ["training.epochs=4"]).run(stop: StopFlag())
    #expect(console.errors.contains(words), "\(console.errors)")
    let report = try ReportSession(
      specification: changed, workspace: sweep.workspace, output: sweep.path("r"), program: SmallSweep.program,
      console: console)
    let refusal = #expect(throws: ReportRefusal.self) { try report.write(searchPath: "", console: console) }
    #expect(
      refusal?.description.contains(words.dropFirst("notice: ".count).dropLast()) == true,
      "\(refusal?.description ?? "")")
  }

  /// A mask is corrected before anything of the experiment has finished.
  @Test func anInterruptedRunOfEarlierMasksIsTold() throws {
    let sweep = try SmallSweep.trained()
    let own = try specification(sweep, epochs: 9)
    let lock = try begin(own, in: sweep)
    let run = try #require(sweep.workspace.runDirectories().first { try $0.state() == .running })
    try JournalWriter(url: run.journal).append(Self.started)
    lock.release()
    for other in try sweep.workspace.runDirectories() where other.name != run.name {
      try FileManager.default.removeItem(at: other.url)
    }
    try replaceAMask(in: sweep)
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: own, console: console).read()
    #expect(
      console.errors.contains("notice: a run of an earlier content was begun and not finished")
        && console.errors.contains("the dataset's content") && !console.errors.contains("nothing of"),
      "\(console.errors)")
  }

  /// What another experiment has begun is its own to finish, and its finished runs are never this one's earlier ones.
  @Test func runsOfOthersAreNoEarlierPlans() throws {
    let sweep = try SmallSweep.trained()
    let other = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["name=other", "training.epochs=9"])
    try begin(other, in: sweep).release()
    let run = try #require(sweep.workspace.runDirectories().first { try $0.state() == .queued })
    try JournalWriter(url: run.journal).append(Self.started)
    func told(_ specification: Specification) throws -> String {
      let console = RecordedConsole()
      _ = try StatusBoard(workspace: sweep.workspace, of: specification, console: console).read()
      return console.errors
    }
    #expect(try !told(specification(sweep, epochs: 4)).contains("begun and not finished"))
    // One that its own file no longer asks for is still not this one's.
    var record = ExperimentRecord(name: "small", variants: [])
    record.remember(try #require(sweep.workspace.experimentRecords().first { $0.name == "small" })) { _ in true }
    try sweep.workspace.write(record)
    let third = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["name=third", "training.epochs=3"])
    #expect(try told(third).contains("notice: 4 finished runs are of another experiment, small"))
    #expect(try told(specification(sweep, epochs: 3)).contains("notice: 4 finished runs are of an earlier plan"))
    try FileManager.default.removeItem(at: sweep.workspace.root.appending(path: "experiments"))
    #expect(
      try told(third).contains("4 finished runs are of another plan, for which no known experiment asks (was there"))
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
          + " after it, with another `safnet run` (was and is):\n  SAFNet fold 1 (process \(getpid()) on \(Machine.hostName)): training.epochs: was 3, is 4"
      ),
      "\(console.errors)")
  }

  /// A second sweep beside it says which runs the first one trains, by whom, and that both go on; so does the look at it.
  @Test func aSecondSweepSaysWhatTheFirstOneTrains() throws {
    let sweep = try SmallSweep.trained()
    let lock = try begin(specification(sweep, epochs: 9), in: sweep)
    func told(_ overrides: [String]) throws -> String {
      let console = RecordedConsole()
      var settings = SweepSession.Settings()
      settings.dryRun = true
      _ = try sweep.session(console, settings: settings, overrides: overrides).run(stop: StopFlag())
      return console.errors
    }
    let holder = "process \(getpid()) on \(Machine.hostName)"
    let words =
      "notice: another `safnet run` is training 1 run of small as it was before its file was changed, and goes on with it (was"
      + " and is):\n"
    let edited = try told(["training.epochs=4"])
    #expect(
      edited.contains(words + "  SAFNet fold 1 (\(holder)): training.epochs: was 9, is 4\n  this one"), "\(edited)")
    // In no place of what is asked for now.
    let renamed = try told([#"variants=[{"name":"U","model":{"kind":"unet3d"}}]"#])
    #expect(renamed.contains(words + "  SAFNet fold 1 (\(holder)): not asked for any more\n"), "\(renamed)")
    let own = try told(["training.epochs=9"])
    #expect(!own.contains("another `safnet run`"), "\(own)")
    lock.release()
    #expect(try !told(["training.epochs=4"]).contains("another `safnet run`"))
  }

  /// A mask that is replaced while the first runs are trained: they are shown, and what has changed is said.
  @Test func aMaskThatIsReplacedMeanwhileIsNamed() throws {
    let sweep = try SmallSweep.trained()
    let own = try specification(sweep, epochs: 3)
    let lock = try begin(own, in: sweep)
    try replaceAMask(in: sweep)
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
}
