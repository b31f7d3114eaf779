import Foundation
import Store
import Testing

/// What messages advise is followed to the letter, and leads out.
@Suite struct AdviceTests {
  private static let files = ["plan.json", "best.h5", "evaluation.h5", "journal.jsonl"]

  private func directories(_ program: Program) throws -> [RunDirectory] {
    try Workspace(program.folder.appendingPathComponent("Workspace")).runDirectories()
  }

  private func run(_ program: Program) throws -> Program.Result { try program("run", "small.json", "--threads", "1") }

  /// Every command calls it finished, and the report has no gap.
  private func expectWhole(_ program: Program) throws {
    let status = try program.json("status", "small.json", "--json")
    #expect(status.map { $0["state"] as? String } == Array(repeating: "finished", count: 4))
    let report = try program("report", "small.json")
    #expect(report.status == 0 && !report.output.contains("Train with"), "\(report.errors)\(report.output)")
    let again = try run(program)
    #expect(again.status == 0 && !again.errors.contains("started"), "\(again.errors)")
    for run in try directories(program) {
      #expect(try run.isWhole())
      #expect(try program("runs", "show", run.name).output.contains("finished"))
    }
  }

  /// "Give `safnet run` with its experiment": of a file that is removed, damaged or cut.
  @Test(arguments: files, ["remove", "flip", "cut"]) func runMendsAFinishedRun(file: String, how: String) throws {
    let program = try FinishedSweep.copy()
    let victim = try #require(try directories(program).first)
    let url = victim.url.appending(path: file)
    var data = try Data(contentsOf: url)
    switch how {
    case "remove": try FileManager.default.removeItem(at: url)
    case "flip": data[data.count / 3] ^= 1
    default: data = data.dropLast(data.count / 3)
    }
    if how != "remove" { try data.write(to: url) }
    let mended = try run(program)
    #expect(mended.status == 0, "\(mended.errors)")
    #expect(mended.errors.contains("notice: ") || file == "journal.jsonl", "\(mended.errors)")
    try expectWhole(program)
  }

  /// The label maps of the test cases, all or one: `run` predicts them again, and nothing else of the run changes.
  @Test(arguments: ["predictions", "predictions/Case"]) func runMakesLostPredictionsAgain(lost: String) throws {
    let program = try FinishedSweep.copy()
    let victim = try #require(try directories(program).first)
    let names = try FileManager.default.contentsOfDirectory(atPath: victim.predictionsFolder.path).sorted()
    let one = try #require(names.first { $0.hasPrefix("Case") })
    let gone = lost == "predictions" ? victim.predictionsFolder : victim.predictionsFolder.appending(path: one)
    let before = try program.contents()
    try FileManager.default.removeItem(at: gone)
    let mended = try run(program)
    #expect(mended.status == 0)
    #expect(
      mended.errors.contains("is whole again: the label maps of its test cases were predicted again\n"),
      "\(mended.errors)")
    let after = try program.contents()
    for (path, data) in before where path.contains("/runs/\(victim.name)/") {
      guard !["run.lock", "run.log", "progress.json"].contains(where: path.hasSuffix) else { continue }
      #expect(after[path] == data, "\(path)")
    }
    try expectWhole(program)
  }

  @Test func aReportOfADamagedEvaluationNamesTheWayOut() throws {
    let program = try FinishedSweep.copy()
    let file = try #require(try directories(program).first).evaluationFile
    var data = try Data(contentsOf: file)
    data[data.count / 2] ^= 1
    try data.write(to: file)
    let report = try program("report", "small.json")
    #expect(report.status == 0 || report.errors.contains("Give `safnet run` with its experiment"), "\(report.errors)")
    #expect(try run(program).errors.contains("is whole again"))
    try expectWhole(program)
  }

  @Test func predictingWithoutABestNetworkNamesTheWayOut() throws {
    let program = try FinishedSweep.copy()
    let victim = try #require(try directories(program).first)
    try FileManager.default.removeItem(at: victim.bestCheckpoint)
    func predict(_ output: String) throws -> Program.Result {
      try program("predict", victim.name, "phantom/MR/Case1.nii.gz", "-o", output)
    }
    let refused = try predict("a.nii.gz")
    #expect(refused.status == 1)
    #expect(refused.errors.contains("best.h5 is missing. Give `safnet run` with its experiment, which makes it anew"))
    #expect(try run(program).status == 0)
    #expect(try predict("b.nii.gz").status == 0)
  }

  @Test func theUntestedNetworkHasAWayOutToo() throws {
    let program = try FinishedSweep.copy()
    let victim = try #require(try directories(program).first)
    try FileManager.default.removeItem(at: victim.lastCheckpoint)
    let told = try run(program)
    #expect(told.status == 0 && told.errors.contains("last.h5 is missing"), "\(told.errors)")
    func predict(_ output: String) throws -> Program.Result {
      try program("predict", victim.name, "phantom/MR/Case1.nii.gz", "-o", output, "--checkpoint", "last")
    }
    let refused = try predict("a.nii.gz")
    #expect(
      refused.errors.contains("give --checkpoint best") && refused.errors.contains("runs remove \(victim.name) --yes"))
    #expect(try program("runs", "remove", victim.name, "--yes").status == 0)
    #expect(try run(program).status == 0)
    #expect(try predict("a.nii.gz").status == 0)
  }

  /// The plan of one unfinished run is damaged: it is written anew, and the sweep goes on.
  @Test func aDamagedPlanOfAnUnfinishedRunCostsNothing() throws {
    let program = try Program()
    #expect(try program("run", "small.json", "--threads", "1", "--only", "Base").status == 0)
    let victim = try #require(try directories(program).first)
    for file in [victim.evaluationFile, victim.journal] { try FileManager.default.removeItem(at: file) }
    try Data("{\"format\":1,".utf8).write(to: victim.planFile)
    let result = try run(program)
    #expect(result.status == 0 && result.errors.contains("it was written anew"), "\(result.errors)")
    try expectWhole(program)
  }

  /// One run whose plan is another's stays as it is; the others are trained.
  @Test func aRunThatMustNotBeTouchedCostsNoOther() throws {
    let program = try Program()
    #expect(try program("run", "small.json", "--threads", "1", "--only", "Base").status == 0)
    let runs = try directories(program)
    try FileManager.default.removeItem(at: runs[0].url)
    try FileManager.default.copyItem(at: runs[1].url, to: runs[0].url)
    let result = try run(program)
    #expect(result.status == 1 && result.errors.contains("Else move its folder to another place"), "\(result.errors)")
    #expect(result.errors.contains("finished SAFNet, fold 2"))
    // Moved away, as it says.
    try FileManager.default.removeItem(at: runs[0].url)
    #expect(try run(program).status == 0)
    try expectWhole(program)
  }

  /// Scores of an earlier program, which did not know the images' own grid, beside those of this one.
  @Test func scoresOnTwoGridsHaveAWayOut() throws {
    let program = try FinishedSweep.copy()
    let victim = try #require(try directories(program).first)
    var old = try EvaluationFile.read(victim.evaluationFile)
    old.imageGrid = nil
    try EvaluationFile.write(old, to: victim.evaluationFile)
    let mixed = try program("report", "small.json")
    #expect(
      mixed.output.contains(
        "an earlier program scored only there: \(victim.name). To have the images' own grid, remove them with `safnet runs"
          + " remove NAME --yes` and give `safnet run` again."),
      "\(mixed.output)\(mixed.errors)")
    #expect(try program("runs", "remove", victim.name, "--yes").status == 0)
    #expect(try run(program).status == 0)
    let whole = try program("report", "small.json")
    #expect(whole.output.contains("on each image's own grid") && !whole.output.contains("scored only there"))
    try expectWhole(program)
  }

  @Test func whateverLiesAmongTheRunsCanBeRemoved() throws {
    let program = try FinishedSweep.copy()
    let runs = program.folder.appendingPathComponent("Workspace/runs")
    let victim = try #require(try directories(program).first)
    for file in [victim.planFile, victim.journal] { try FileManager.default.removeItem(at: file) }
    try Data().write(to: runs.appendingPathComponent("stray"))
    let result = try program("runs", "remove", victim.name, "stray", "--yes")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: runs.path).count == 3)
  }

  @Test func theWrongFolderIsNamedAndNothingIsMade() throws {
    let program = try FinishedSweep.copy()
    let explain = ["report", "small.json", "--explain", "Base", "fold 1"]
    for command in [["index"], ["runs", "show", "x"], ["runs", "remove", "x", "--yes"], explain] {
      let result = try program.start(command + ["--workspace", "Wrokspace"]).wait()
      #expect(result.status == 2, "\(command)")
      #expect(result.errors.contains("there is no workspace in") && result.errors.contains("/Workspace: give"))
    }
    #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("Wrokspace").path))
  }

  /// From another folder nothing is trained anew unless that is asked for.
  @Test func aSweepFromAnotherFolderIsNoNewOne() throws {
    let program = try FinishedSweep.copy()
    let (manager, project) = (FileManager.default, program.folder.appendingPathComponent("project"))
    try manager.createDirectory(at: project, withIntermediateDirectories: false)
    for name in try manager.contentsOfDirectory(atPath: program.folder.path) where name != "project" {
      try manager.moveItem(
        at: program.folder.appendingPathComponent(name), to: project.appendingPathComponent(name))
    }
    let remedies = [
      "`--workspace \(project.resolvingSymlinksInPath().path)/Workspace` goes on there.",
      "give `--workspace Workspace`;",
    ]
    for arguments in [["--dry-run"], []] {
      let result = try program.start(["run", "project/small.json"] + arguments).wait()
      #expect(result.status == 2 && result.output.isEmpty, "\(result.errors)")
      #expect(result.errors.hasPrefix("error: no run of small was begun in Workspace yet, and "), "\(result.errors)")
      for remedy in remedies { #expect(result.errors.contains(remedy), "\(result.errors)") }
    }
    #expect(!manager.fileExists(atPath: program.folder.appendingPathComponent("Workspace").path))
    let meant = try program("run", "project/small.json", "--dry-run", "--workspace", "Workspace")
    #expect(meant.status == 0 && meant.output.contains("4 of 4 runs"), "\(meant.errors)")
    let there = try program("run", "project/small.json", "--dry-run", "--workspace", "project/Workspace")
    #expect(there.status == 0 && there.output.contains("0 of 4 runs"), "\(there.errors)")
  }

  /// What a run is stands beside its name before it is deleted, and when it is.
  @Test func whatIsRemovedIsTold() throws {
    let program = try FinishedSweep.copy()
    let run = try program.run(fold: 2).name
    let words = "\(run)  small  Base  fold 2  seed 2023  finished  2 of 2 epochs\n"
    let asked = try program("runs", "remove", run)
    #expect(asked.status == 2 && asked.output == "would remove " + words, "\(asked.output)\(asked.errors)")
    #expect(try program("runs", "remove", run, "--dry-run").output == "would remove " + words)
    #expect(try program("runs", "remove", "Workspace/runs/\(run)", "--dry-run").output == "would remove " + words)
    #expect(try program("runs", "remove", "Workspace/runs/\(run)", "--yes").output == "removed " + words)
  }

  /// A run that somebody renamed looks like nobody's: it is called by its name before it is deleted.
  @Test func aRenamedRunIsNotRemovedUnseen() throws {
    let program = try FinishedSweep.copy()
    let run = try program.run(fold: 2).name
    let runs = program.folder.appendingPathComponent("Workspace/runs")
    try FileManager.default.moveItem(
      at: runs.appendingPathComponent(run), to: runs.appendingPathComponent("my-best"))
    let asked = try program("runs", "remove", "--unclaimed", "--dry-run")
    #expect(!asked.output.contains("my-best"), "\(asked.output)\(asked.errors)")
    let words = "notice: my-best is removed by its name only: my-best in "
    #expect(asked.errors.contains(words) && asked.errors.contains("holds the run \(run)"), "\(asked.errors)")
    let named = try program("runs", "remove", "my-best")
    #expect(named.output.contains("would remove my-best"), "\(named.output)\(named.errors)")
    #expect(named.errors.contains("holds the run \(run)"), "\(named.errors)")
  }

  @Test func aWorkspaceIsNoRun() throws {
    let program = try FinishedSweep.copy()
    let result = try program("predict", "Workspace", "phantom/MR", "-o", "labels")
    #expect(
      result.status == 2 && result.errors.contains("Workspace is a workspace, and stands where one of its runs must"),
      "\(result.errors)")
  }

  @Test func aReportIsNoRun() throws {
    let program = try FinishedSweep.copy()
    #expect(try program("report", "small.json", "--output", "paper").status == 0)
    let result = try program("predict", "paper", "phantom/MR", "-o", "labels")
    #expect(
      result.status == 2 && result.errors.contains("paper is a report, and stands where a run must"), "\(result.errors)"
    )
  }

  /// A workspace of somebody else is there, and closed.
  @Test(
    .enabled(if: getuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0),
    arguments: ["Workspace", "Workspace/runs/RUN"])
  func aClosedFolderIsNotTakenForNone(place: String) throws {
    let program = try FinishedSweep.copy()
    let closed = program.folder.appendingPathComponent(
      place.replacing("RUN", with: try program.run(fold: 2).name))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.folder.path)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: closed.path)
    for command in [["status", "small.json"], ["runs", "list"]] {
      let user = ["--reuid=65534", "--regid=65534", "--clear-groups", Program.executable.path]
      let result = try program.start(user + command, executable: URL(fileURLWithPath: "/usr/bin/setpriv")).wait()
      let words = result.output + result.errors
      #expect(words.contains("ermission denied"), "\(command): \(words)")
      #expect(!words.contains("there is no workspace") && !words.contains("no runs"), "\(command): \(words)")
    }
  }

  /// By the same names as the removal itself, and with the same refusals.
  @Test(arguments: ["nonsense-x", "safnet"]) func aDryRemovalRefusesWhatTheRealOneRefuses(name: String) throws {
    let program = try FinishedSweep.copy()
    let real = try program("runs", "remove", name, "--yes")
    let dry = try program("runs", "remove", name, "--dry-run")
    #expect(real.status == 2 && dry.status == 2 && dry.output.isEmpty, "\(dry.output)")
    #expect(dry.errors == real.errors && dry.errors.contains(name), "\(dry.errors)")
    #expect(try program.runNames().count == 4)
  }

  /// A folder stands where the index is to be.
  @Test func anIndexThatIsNotWrittenIsNoSuccess() throws {
    let program = try FinishedSweep.copy()
    let index = program.folder.appendingPathComponent("Workspace/index.sqlite")
    for part in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: index.path + part) }
    try FileManager.default.createDirectory(at: index.appendingPathComponent("x"), withIntermediateDirectories: true)
    let result = try program("index")
    #expect(result.status == 1 && result.output.isEmpty && result.errors.hasPrefix("error: no index was written: "))
  }

  /// Unfinished work of a program that trains to other bits is named before a worker starts, and costs no other run.
  @Test func otherNumericsAreSaidBeforeAWorkerStarts() throws {
    let program = try Program()
    #expect(try program("run", "small.json", "--threads", "1", "--only", "Base", "--folds", "1").status == 0)
    let victim = try #require(try directories(program).first)
    let events = try Journal.read(victim.journal).compactMap { timed -> TimedEvent? in
      guard case .started(var worker) = timed.event else { return timed }
      worker.numericsVersion = NumericsVersion(rawValue: 1)
      return TimedEvent(time: timed.time, event: .started(worker))
    }
    _ = try JournalWriter(url: victim.journal, replacingAllBy: events.dropLast(2))
    let result = try program("run", "small.json", "--threads", "1", "--folds", "1")
    #expect(result.status == 1)
    #expect(
      result.errors.contains("error: Base, fold 1: ") && result.errors.contains("--mix-numerics"), "\(result.errors)")
    #expect(!result.errors.contains("started Base") && result.errors.contains("finished SAFNet, fold 1"))
    #expect(try program("runs", "remove", victim.name, "--yes").status == 0)
    #expect(try program("run", "small.json", "--threads", "1", "--folds", "1").status == 0)
  }
}
