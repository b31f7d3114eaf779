import Experiments
import Foundation
import Scheduling
import Store
import TestSupport
import Testing
import Training
import Workbench

/// A workspace without the experiment's runs: the one that has them is named, or meant.
@Suite struct SweepWorkspaceTests {
  let console = RecordedConsole()

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
    // One with runs of others is no better than none; where it is not known whose they are, as of one that was renamed, they
    // may be these.
    try workspace.prepare()
    #expect(throws: RunsElsewhere.self) { try said(sweep.specification()) }
    // What is wrong with the dataset's path is said first.
    let noDataset = ["dataset.path=\(sweep.path("Workspace"))"]
    let misled = #expect(throws: (any Error).self) { try said(sweep.specification(noDataset)) }
    #expect(misled.map { !($0 is RunsElsewhere) } == true, "\(misled as Any)")
    let run = try #require(sweep.workspace.runDirectories().first)
    let copy = workspace.runsFolder.appending(path: "copy-of-" + run.name)
    try FileManager.default.copyItem(at: run.url, to: copy)
    #expect(try !said(sweep.specification()).contains("goes on there"), "its own plan names the file")
    try RunDirectory(copy).pretend(commandLine: ["safnet", "run", "gone.json"])
    #expect(try said(sweep.specification()).contains("notice: \(words)"))
    // Those of a file that is there and has the same name are another experiment's, unless it asks for the same.
    let (first, other) = (sweep.folder.appending(path: "small.json"), sweep.folder.appending(path: "twin.json"))
    let text = try String(contentsOf: first, encoding: .utf8)
    try Data(text.replacing("\"epochs\": 1", with: "\"epochs\": 2").utf8).write(to: other)
    #expect(try !said(Specification.load(other)).contains("goes on there"))
    try Data(text.utf8).write(to: other)
    #expect(try said(Specification.load(other)).contains("notice: \(words)"))
  }

  /// Its runs are there, whatever has become of the record that names them; a damaged one is named, and written anew.
  @Test func runsWithoutARecordAreFoundByTheirPlans() throws {
    let sweep = try SmallSweep.trained()
    let other = Workspace(sweep.folder.appending(path: "Other"))
    try FileManager.default.copyItem(at: sweep.workspace.root, to: other.root)
    let record = other.root.appending(path: "experiments/small.json")
    func said(dryRun: Bool = true, _ overrides: [String] = []) throws -> String {
      let console = RecordedConsole()
      var settings = SweepSession.Settings()
      (settings.dryRun, settings.executor) = (dryRun, "here")
      let session = SweepSession(
        specification: try sweep.specification(overrides), workspace: other, settings: settings,
        program: SmallSweep.program, machine: .init(cores: 2, freeMemory: 1 << 40), executors: ExecutorList([.here()]),
        console: console)
      _ = try session.run(stop: StopFlag())
      return console.errors
    }
    try FileManager.default.removeItem(at: record)
    #expect(try !said().contains("no run of small was begun"))
    // Not as the experiment says now, but of it all the same.
    for change in ["training.epochs=2", "folds.seed=3", "seeds=[7]"] {
      #expect(try !said([change]).contains("no run of small was begun"), "\(change)")
    }
    try FileManager.default.createDirectory(at: record, withIntermediateDirectories: false)
    let move = "Move \(record.path) to another place first"
    #expect(try said().contains(move))
    #expect(throws: UnreadableRecords.self) { try said(dryRun: false) }
    try FileManager.default.removeItem(at: record)
    try Data("{".utf8).write(to: record)
    #expect(try !said(["training.epochs=2"]).contains("no run of small was begun"))
    let told = try said(dryRun: false)
    let words = "the workspace's record of this experiment, cannot be read; `safnet run` writes it anew"
    #expect(!told.contains("no run of small was begun") && told.contains("notice: \(record.path), \(words)"), "\(told)")
    #expect(try !said().contains(words), "it was written anew")
  }

  /// What is no dataset is no place to look around, and is refused in its own words.
  @Test func besideWhatIsNoDatasetNothingIsLookedFor() throws {
    let sweep = try SmallSweep.trained()
    let far = try TemporaryFolder()
    let place = sweep.folder.appending(path: "nothing")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let copy = far.file("small.json")
    try FileManager.default.copyItem(at: sweep.folder.appending(path: "small.json"), to: copy)
    var settings = SweepSession.Settings()
    (settings.isWorkspaceAsked, settings.executor, settings.dryRun) = (false, "here", true)
    let session = SweepSession(
      specification: try Specification.load(copy, overrides: ["dataset.path=\(place.path)"]),
      workspace: Workspace(far.file("Workspace")), settings: settings, program: SmallSweep.program,
      machine: .init(cores: 2, freeMemory: 1 << 40), executors: ExecutorList([.here()]), console: console)
    let error = #expect(throws: (any Error).self) { try session.run(stop: StopFlag()) }
    #expect(error.map { !($0 is RunsElsewhere) } == true && "\(error as Any)".contains(place.path), "\(error as Any)")
  }
}
