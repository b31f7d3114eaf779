import Experiments
import Foundation
import Reporting
import Store
import Testing
import Training
import Workbench

/// Commands that only look: what they need, and that they make nothing.
@Suite struct LookingTests {
  let console = RecordedConsole()

  private func report(
    _ sweep: SmallSweep, _ specification: Specification? = nil, file: String = "small.json", force: Bool = false
  ) throws -> ReportSession {
    var settings = ReportSession.Settings()
    (settings.file, settings.force) = (URL(fileURLWithPath: sweep.path(file)), force)
    return try ReportSession(
      specification: specification ?? sweep.specification(), workspace: sweep.workspace, output: sweep.path("report"),
      settings: settings, program: SmallSweep.program, console: console)
  }

  private func write(_ session: ReportSession) throws {
    try session.write([.markdown, .csv, .latex, .json], searchPath: "", console: console)
  }

  private func files(_ folder: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, (try? Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0))) ?? Data())
      })
  }

  private func everything(_ sweep: SmallSweep) throws -> [String] {
    try #require(FileManager.default.enumerator(atPath: sweep.folder.path)).map { "\($0)" }.sorted()
  }

  /// Cases that are gone, so that what is left makes no folds: the finished runs are shown, with the reason.
  @Test func finishedRunsAreShownThoughNoFoldsAreLeft() throws {
    let sweep = try SmallSweep.trained()
    for number in 3...8 {
      for file in ["MR/Case\(number)", "Mask/mask_case\(number)"] {
        try FileManager.default.removeItem(atPath: sweep.path("phantom/\(file).nii.gz"))
      }
    }
    let board = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: console)
    #expect(try board.read().map(\.state) == Array(repeating: .finished, count: 4))
    #expect(
      console.errors.hasPrefix(
        "notice: the dataset as it lies there no longer makes what the experiment asks for, and `safnet run` is refused until it does ("
      ), "\(console.errors)")
    #expect(console.errors.contains("folds.count: 2 cases do not make a fold"), "\(console.errors)")
    try write(try report(sweep))
    #expect(FileManager.default.fileExists(atPath: sweep.path("report/report.json")))
    #expect(throws: SpecificationErrors.self) { try sweep.session(console).run(stop: StopFlag()) }
    // Of folds that the file asks for itself, and no data made, the mistake alone is told.
    let file = sweep.folder.appending(path: "small.json")
    let text = try String(contentsOf: file, encoding: .utf8).replacing("\"count\": 2", with: "\"count\": 4")
    try Data(text.utf8).write(to: file)
    #expect(throws: SpecificationErrors.self) {
      try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: console)
    }
  }

  // MARK: Nothing is made

  @Test func beforeTheFirstRunNothingIsMadeAndTheRemedyIsNamed() throws {
    let sweep = try SmallSweep()
    let before = try everything(sweep)
    let error = #expect(throws: ReportRefusal.self) { try write(try report(sweep)) }
    guard case .noWorkspace(let absence)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(absence.path == sweep.workspace.root.path && absence.search == .init("small", isFound: false))
    // Other tests' folders may be workspaces and lie beside this one's.
    let hint = absence.nearest == nil ? "--workspace" : "has none of small"
    #expect(error?.description.contains("`safnet run`") == true && error?.description.contains(hint) == true)
    let board = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: console)
    #expect(
      try board.read().map { "\($0.variant!) \($0.fold!) \($0.state) \($0.plannedEpochs!)" }
        == ["SAFNet 1 queued 1", "SAFNet 2 queued 1", "Base 1 queued 1", "Base 2 queued 1"])
    #expect(try StatusBoard(workspace: sweep.workspace, of: nil, console: console).read().isEmpty)
    #expect(console.errors.contains("there is no workspace in \(sweep.workspace.root.path)."))
    #expect(try everything(sweep) == before)
  }

  @Test func aWorkspaceOfAnotherNameOrPlaceIsPointedAt() throws {
    let sweep = try SmallSweep.trained()
    for wrong in ["Workspac", "workspaces", "deeper/Workspace"] {
      let console = RecordedConsole()
      let workspace = Workspace(sweep.folder.appending(path: wrong))
      #expect(try StatusBoard(workspace: workspace, of: nil, console: console).read().isEmpty)
      #expect(
        console.errors.contains("The nearest one is \(sweep.workspace.root.path): give --workspace"),
        "\(console.errors)")
    }
  }

  /// From anywhere: the workspace beside the experiment's file is meant, not another that happens to be nearer.
  @Test func theExperimentsOwnWorkspaceIsPointedAt() throws {
    let (sweep, other) = (try SmallSweep.trained(), try SmallSweep.trained())
    let records = other.workspace.root.appending(path: "experiments")
    try? FileManager.default.removeItem(at: records)
    let workspace = Workspace(other.folder.appending(path: "Workspac"))
    _ = try StatusBoard(workspace: workspace, of: sweep.specification(), console: console).read()
    let words = "\(sweep.workspace.root.path) has runs of small: give --workspace \(sweep.workspace.root.path)."
    #expect(console.errors.contains(words), "\(console.errors)")
    let session = try ReportSession(
      specification: sweep.specification(), workspace: workspace, output: sweep.path("r"), program: SmallSweep.program,
      console: console)
    let refusal = #expect(throws: ReportRefusal.self) { try session.write(searchPath: "", console: console) }
    #expect(refusal?.description.contains(words) == true, "\(refusal?.description ?? "")")
    let predicted = #expect(throws: WrongWorkspace.self) {
      try PredictionRuns(.variant(sweep.specification(), name: "Base"), in: workspace)
    }
    #expect(predicted?.nearest == sweep.workspace.root.path)
  }

  /// There is a workspace, and it has none of the experiment's runs.
  @Test func whereTheRunsAreIsSaidOfAWorkspaceOfOthersToo() throws {
    let sweep = try SmallSweep.trained()
    let workspace = Workspace(sweep.folder.appending(path: "Other"))
    try workspace.prepare()
    let words =
      "no run of small was begun in \(workspace.root.path) yet, and \(sweep.workspace.root.path) has 4 runs of it."
      + " `--workspace \(sweep.workspace.root.path)` goes on there."
    _ = try StatusBoard(workspace: workspace, of: sweep.specification(), console: console).read()
    #expect(console.errors.contains("notice: \(words)"), "\(console.errors)")
    let session = try ReportSession(
      specification: sweep.specification(), workspace: workspace, output: sweep.path("r"), program: SmallSweep.program,
      console: console)
    let refusal = #expect(throws: ReportRefusal.self) { try session.write(searchPath: "", console: console) }
    #expect(refusal?.description == "\(words) Nothing was written.", "\(refusal?.description ?? "")")
  }

  /// experiments/ and the index are there, and the runs are not.
  @Test func runsThatWereMovedAwayAreMissedByAReport() throws {
    let sweep = try SmallSweep.trained()
    try FileManager.default.removeItem(at: sweep.workspace.runsFolder)
    let error = #expect(throws: ReportRefusal.self) { try write(try report(sweep)) }
    #expect(
      error?.description
        == "runs were begun in the workspace \(sweep.workspace.root.path), as its folder experiments tells, and its folder runs"
        + " is not there: if it was renamed or moved, put it back. `safnet run` would train all of them anew. Nothing was written."
    )
  }

  @Test func lookingAtAFinishedSweepMakesNothing() throws {
    let sweep = try SmallSweep.trained()
    let before = try everything(sweep)
    _ = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: console).read()
    _ = try report(sweep).explanation(method: "Base", cell: "fold 1")
    #expect(try everything(sweep).filter { !$0.contains("index") } == before.filter { !$0.contains("index") })
    #expect(console.errors.isEmpty)
  }

  // MARK: The dataset is gone or another

  private func change(_ sweep: SmallSweep, _ how: String) throws {
    let (manager, phantom) = (FileManager.default, sweep.folder.appending(path: "phantom"))
    switch how {
    case "moved": try manager.moveItem(at: phantom, to: sweep.folder.appending(path: "archive"))
    case "emptied":
      try manager.removeItem(at: phantom)
      try manager.createDirectory(at: phantom, withIntermediateDirectories: true)
    case "a case less":
      for file in ["MR/Case1.nii.gz", "Mask/mask_case1.nii.gz"] {
        try manager.removeItem(at: phantom.appending(path: file))
      }
    case "a mask broken": try Data("no mask".utf8).write(to: phantom.appending(path: "Mask/mask_case2.nii.gz"))
    case "a mask packed anew":
      let file = phantom.appending(path: "Mask/mask_case2.nii.gz")
      var bytes = try Data(contentsOf: file)
      // Gzip's operating system.
      bytes[9] = bytes[9] == 11 ? 3 : 11
      try bytes.write(to: file)
    case "cache deleted": try manager.removeItem(at: sweep.workspace.cacheFolder)
    default: Issue.record("no such change: \(how)")
    }
  }

  @Test(arguments: ["moved", "emptied", "a case less", "a mask broken", "a mask packed anew", "cache deleted"])
  func aReportOfFinishedRunsNeedsTheWorkspaceOnly(_ how: String) throws {
    let sweep = try SmallSweep.trained()
    try write(report(sweep))
    let before = try files(sweep.path("report"))
    try change(sweep, how)
    let paths = try everything(sweep)
    let session = try report(sweep)
    #expect(session.report.status == nil, "\(session.report.status ?? "")")
    try write(session)
    #expect(try files(sweep.path("report")) == before)
    #expect(session.differences().isEmpty)
    let statuses = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: console).read()
    #expect(statuses.map(\.state) == Array(repeating: .finished, count: 4))
    #expect(try everything(sweep).filter { !$0.contains("index") } == paths.filter { !$0.contains("index") })
    if ["a mask broken", "a mask packed anew"].contains(how) {
      #expect(
        console.errors.contains("If files were only packed anew (gzip), their voxels are the same"), "\(console.errors)"
      )
      #expect(console.errors.contains("has changed since (the mask of Case2): what is shown"), "\(console.errors)")
    }
    let isSaid = ["emptied", "a case less", "a mask broken"].contains(how)
    #expect(!isSaid || console.errors.contains("notice: the dataset "), "\(console.errors)")
  }

  /// Runs of which nothing has begun are still counted among what was planned.
  @Test func aSweepThatWasNotFinishedIsNotTakenForAWholeOne() throws {
    for how in ["moved", "cache deleted"] {
      let sweep = try SmallSweep.trained()
      for run in try sweep.workspace.runDirectories() where run.name.contains("-f2-") {
        try FileManager.default.removeItem(at: run.url)
      }
      try change(sweep, how)
      #expect(try report(sweep).report.status == "2 of 4 runs have finished; means over fewer folds say so.", "\(how)")
    }
  }

  @Test func withoutRunsADatasetThatIsGoneIsTheError() throws {
    let sweep = try SmallSweep.trained()
    try change(sweep, "emptied")
    try FileManager.default.removeItem(at: sweep.workspace.runsFolder)
    #expect(throws: (any Error).self) { try report(sweep) }
  }

  // MARK: More is not replaced by less

  /// Each way of asking for other runs leaves the report that is there, and says in what the finished ones differ.
  @Test(arguments: [
    ("training.epochs", "training.epochs: was 1, is 3"),
    ("training.learningRate", "training.learningRate: was 0.001, is 0.01"),
    ("folds.seed", "the cases of the fold"), ("preprocessing.size", "preprocessing.size: was [6,32,16], is [6,32,32]"),
  ])
  func anEditedExperimentDoesNotReplaceAFinishedReport(_ field: String, _ words: String) throws {
    let sweep = try SmallSweep.trained()
    try write(report(sweep))
    let before = try files(sweep.path("report"))
    let value = [
      "training.epochs": "3", "training.learningRate": "0.01", "folds.seed": "7", "preprocessing.size": "[6,32,32]",
    ]
    let edited = try Specification.load(
      URL(fileURLWithPath: sweep.path("small.json")), overrides: ["\(field)=\(value[field]!)"])
    let session = try report(sweep, edited)
    let error = #expect(throws: ReportRefusal.self) { try write(session) }
    #expect(try files(sweep.path("report")) == before)
    let text = try #require(error?.description)
    #expect(text.contains("finished runs are of an earlier plan") && text.contains(words), "\(text)")
    let board = try StatusBoard(workspace: sweep.workspace, of: edited, console: console)
    // Another seed may draw a fold that was there.
    #expect(try board.read().map(\.state).count { $0 == .queued } >= 2)
    #expect(console.errors.contains(words) && !console.errors.contains("has changed"), "\(console.errors)")
  }

  /// A finished run stands in one place: that of its own seed, where the experiment has it.
  @Test(arguments: [
    (
      ["seeds=[2023,7]", "training.epochs=3"],
      "SAFNet seed 2023 fold 1, 2; Base seed 2023 fold 1, 2: training.epochs: was 1, is 3"
    ),
    (["seeds=[2024,7]"], "training.seed: was 2023, is 2024"),
  ])
  func earlierRunsAreCountedOnce(_ overrides: [String], _ words: String) throws {
    let sweep = try SmallSweep.trained()
    let edited = try Specification.load(URL(fileURLWithPath: sweep.path("small.json")), overrides: overrides)
    _ = try StatusBoard(workspace: sweep.workspace, of: edited, console: console).read()
    #expect(console.errors.contains("notice: 4 finished runs are of an earlier plan"), "\(console.errors)")
    #expect(console.errors.contains(words), "\(console.errors)")
  }

  @Test func fewerFinishedRunsReplaceMoreOnlyByForce() throws {
    let sweep = try SmallSweep.trained()
    try write(report(sweep))
    let before = try files(sweep.path("report"))
    let run = try sweep.workspace.runDirectories()[0]
    try FileManager.default.removeItem(at: run.url)
    let folder = sweep.folder.appending(path: "report").path
    #expect(throws: ReportRefusal.fewerRuns(folder: folder, held: 4, new: 3, earlier: nil)) { try write(report(sweep)) }
    #expect(try files(sweep.path("report")) == before)
    try write(report(sweep, force: true))
    #expect(try files(sweep.path("report")) != before)
  }

  /// Where no record tells what the tables hold, their own cells do.
  @Test(arguments: [ReportFiles.Format.latex, .markdown, .csv])
  func tablesWithoutARecordDoNotBecomeEmpty(_ format: ReportFiles.Format) throws {
    let sweep = try SmallSweep.trained()
    let run = try sweep.workspace.runDirectories()[0]
    let aside = sweep.folder.appending(path: "aside")
    try FileManager.default.moveItem(at: run.url, to: aside)
    try report(sweep).write([format], searchPath: "", console: console)
    try FileManager.default.moveItem(at: aside, to: run.url)
    try report(sweep).write([format], searchPath: "", console: console)
    let before = try files(sweep.path("report"))
    try FileManager.default.removeItem(at: run.url)
    let error = #expect(throws: ReportRefusal.self) {
      try report(sweep).write([format], searchPath: "", console: console)
    }
    #expect(error?.description.contains("would become empty") == true, "\(error!)")
    #expect(try files(sweep.path("report")) == before)
    try report(sweep, force: true).write([format], searchPath: "", console: console)
    #expect(try files(sweep.path("report")) != before)
  }

  /// Two files, one name, no run or some runs in common.
  @Test(arguments: ["other.json", "elsewhere/small.json"])
  func anotherExperimentOfTheNameDoesNotReplaceTheReport(_ name: String) throws {
    let sweep = try SmallSweep.trained()
    try write(report(sweep))
    let before = try files(sweep.path("report"))
    var other = try sweep.specification()
    other.variants.removeLast()
    let error = #expect(throws: ReportRefusal.self) { try write(report(sweep, other, file: name)) }
    #expect(
      error == .otherExperiment(folder: sweep.folder.appending(path: "report").path, held: 4, file: "../small.json"))
    #expect(try files(sweep.path("report")) == before)
    try write(report(sweep, other, file: name, force: true))
    #expect(ReportRecord(in: URL(fileURLWithPath: sweep.path("report")))?.experiment == "../\(name)")
  }

  @Test func groupsOfUnknownStructuresAreRefused() throws {
    let sweep = try SmallSweep.trained()
    var specification = try sweep.specification()
    specification.report.groups = [.init(name: "lower", structures: ["L5", "L6"])]
    let error = #expect(throws: SpecificationErrors.self) { try report(sweep, specification) }
    #expect(error?.description.contains("report.groups.lower") == true)
    #expect(error?.description.contains("no structure is named \"L6\", did you mean L") == true, "\(error!)")
    // No other runs are shown in the place of those that the mistake is about, and the cases are not called wrong.
    #expect(throws: SpecificationErrors.self) {
      try StatusBoard(workspace: sweep.workspace, of: specification, console: console).read()
    }
    #expect(!console.errors.contains("the dataset as it lies there"), "\(console.errors)")
  }
}
