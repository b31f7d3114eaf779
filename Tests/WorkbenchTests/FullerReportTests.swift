import Experiments
import Foundation
import Reporting
import Store
import Testing
import Workbench

/// A report that holds more is not replaced by one that holds less, and the reason is said.
@Suite struct FullerReportTests: ReportLook {
  let console = RecordedConsole()

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

  @Test func theDamagedFileIsNamed() throws {
    let sweep = try SmallSweep.trained()
    try write(report(sweep))
    let run = try sweep.workspace.runDirectories()[0]
    try FileManager.default.removeItem(at: run.evaluationFile)
    let error = #expect(throws: ReportRefusal.self) { try write(report(sweep)) }
    let words = "fold 1 is damaged: \(run.evaluationFile.path) is missing"
    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
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
}
