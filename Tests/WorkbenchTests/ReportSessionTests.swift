import Foundation
import Reporting
import System
import TestSupport
import Testing
import Workbench

@Suite struct ReportSessionTests {
  let console = RecordedConsole()
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  private func session(settings: ReportSession.Settings = .init()) throws -> ReportSession {
    try ReportSession(
      specification: sweep.specification(), workspace: sweep.workspace, output: sweep.path("report"),
      settings: settings, program: SmallSweep.program, console: console)
  }

  // MARK: Writing

  @Test func tablesAreWrittenAndThoseAskedForPrinted() throws {
    let session = try session()
    try session.write([.csv, .json], printing: [.cost], searchPath: "", console: console)
    let files = try FileManager.default.contentsOfDirectory(atPath: session.folder.path).sorted()
    #expect(files.contains("cost.csv") && files.contains("folds.csv") && files.contains("report.json"))
    #expect(!files.contains("report.md"))
    #expect(console.output.count == 2 && console.output[0].contains("Cost"))
    #expect(console.output[1] == session.folder.path, "nothing is missing, so only the folder is named")
    #expect(!console.errors.contains("rsvg-convert"), "without figures nothing is converted")
    try session.write([.figures], searchPath: "", console: console)
    #expect(console.errors.contains("rsvg-convert is not installed"))
  }

  @Test func aTableThatTheReportLacksIsRefusedBeforeAnythingIsWritten() throws {
    var specification = try sweep.specification()
    specification.report.tables = [.cost]
    let session = try ReportSession(
      specification: specification, workspace: sweep.workspace, output: sweep.path("report"),
      program: SmallSweep.program, console: console)
    #expect(throws: UsageError.noTable(name: "folds", known: ["cost"])) {
      try session.write(printing: [.folds], searchPath: "", console: console)
    }
    #expect(!FileManager.default.fileExists(atPath: session.folder.path))
  }

  @Test func filesThatTheRunsContradictAreNamed() throws {
    try session().write([.csv, .json], searchPath: "", console: console)
    var settings = ReportSession.Settings()
    settings.likeWritten = true
    #expect(try session(settings: settings).differences().isEmpty)
    let file = URL(fileURLWithPath: sweep.path("report/folds.csv"))
    let text = try String(contentsOf: file, encoding: .utf8)
    try Data(text.replacing("Base", with: "Bass").utf8).write(to: file)
    let differences = try session(settings: settings).differences()
    #expect(!differences.isEmpty && differences.allSatisfy { $0.hasPrefix("folds.csv") })
  }

  /// The experiment was edited since, all of it or one variant; or the prepared cases are gone, which the overlays show.
  @Test func whyCellsDifferIsSaidFirst() throws {
    try session().write(searchPath: "", console: console)
    var settings = ReportSession.Settings()
    settings.likeWritten = true
    func checked(_ overrides: [String] = []) throws -> ReportSession {
      try ReportSession(
        specification: sweep.specification(overrides), workspace: sweep.workspace, output: sweep.path("report"),
        settings: settings, program: SmallSweep.program, console: console)
    }
    let edited = try checked(["training.epochs=3"])
    #expect(!edited.differences().isEmpty)
    let refusal = #expect(throws: ReportRefusal.self) { try edited.causes() }
    #expect(refusal?.description.contains("4 finished runs are of an earlier plan (was and is):\n") == true)
    let network = #"variants.Base.model={"kind": "unet3d", "levels": [[4, 8], [8, 16]]}"#
    let cause = try #require(try checked([network]).causes().first)
    #expect(
      cause.hasPrefix("2 finished runs are of an earlier plan (was and is):\n  Base fold 1, 2: model."), "\(cause)")
    #expect(cause.hasSuffix("the same command without --check then writes the report anew."), "\(cause)")
    #expect(try checked().differences().isEmpty && checked().causes().isEmpty)
    try FileManager.default.removeItem(at: sweep.workspace.cacheFolder)
    let bare = try checked()
    #expect(!bare.differences().isEmpty)
    #expect(try bare.causes().contains { $0.contains("this prepared case is gone") })
  }

  /// No run is of an earlier plan, and yet other cells are asked for.
  @Test(arguments: [
    (["title=Other"], #"the title: was "small", is "Other""#),
    (["seeds=[2023, 2024]"], "the runs of Base by seeds and folds: were 2, are 4"),
    (
      [#"report.groups={"upper": ["L1", "L2"]}"#],
      #"rows and columns of "structures": now without discs (8), vertebrae (9), with upper (2)"#
    ),
    ([#"prediction=[{"mirror": true}]"#], "the methods: now with Base + mirror, SAFNet + mirror"),
    ([#"variants=[{"name": "SAFNet"}]"#], "the methods: now without Base"),
  ]) func whatTheExperimentAsksForSinceIsSaidFirst(_ overrides: [String], _ edit: String) throws {
    try session().write([.json], searchPath: "", console: console)
    var settings = ReportSession.Settings()
    settings.likeWritten = true
    let edited = try ReportSession(
      specification: sweep.specification(overrides), workspace: sweep.workspace, output: sweep.path("report"),
      settings: settings, program: SmallSweep.program, console: console)
    #expect(!edited.differences().isEmpty)
    let beginning =
      "since this report was written the experiment was edited, methods were imported or runs have ended: "
    let cause = try #require(try edited.causes().first { $0.hasPrefix(beginning) })
    #expect(cause.contains(edit), "\(cause)")
    #expect(cause.hasSuffix(" The same command without --check writes the report as it is now."))
  }

  /// Some are taken out on purpose: that is told, and is no difference.
  @Test func filesThatAreGoneAreNamed() throws {
    try session().write([.csv, .json], searchPath: "", console: console)
    var settings = ReportSession.Settings()
    settings.likeWritten = true
    #expect(try session(settings: settings).goneWords == nil)
    for name in ["cost.csv", "cases.csv"] { try FileManager.default.removeItem(atPath: sweep.path("report/\(name)")) }
    let checked = try session(settings: settings)
    #expect(
      checked.goneWords
        == "\(checked.folder.path) has no cases.csv and cost.csv any more, which `safnet report` wrote there; the same"
        + " command without --check writes them again")
    #expect(checked.differences().isEmpty)
  }

  /// Neither into the folder of runs nor into one of them, nor among the prepared cases.
  @Test(arguments: [
    "Workspace", "Workspace/", "Workspace/runs", "Workspace/runs/RUN", "Workspace/runs/RUN/new", "Workspace/cache/new",
  ])
  func aFolderOfTheWorkspaceIsRefused(place: String) throws {
    let run = try sweep.workspace.runDirectories()[0]
    let folder = place.replacing("RUN", with: run.name)
    let before = try FileManager.default.contentsOfDirectory(atPath: run.url.path).sorted()
    let session = try ReportSession(
      specification: sweep.specification(), workspace: sweep.workspace, output: sweep.path(folder),
      program: SmallSweep.program, console: console)
    let refusal = #expect(throws: ReportRefusal.self) { try session.write(searchPath: "", console: console) }
    #expect(refusal?.description.contains("which a report's files must not lie among") == true)
    let isRoot =
      place.hasPrefix("Workspace") && !place.contains("s/") && !place.contains("cache") && !place.hasSuffix("runs")
    #expect(refusal?.description.contains("(--workspace names it, --output the report)") == isRoot)
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.url.path).sorted() == before)
  }

  /// They are only looked at here: what would be written would be strewn over this machine.
  @Test func aFolderThatEverythingLiesInIsRefused() throws {
    let specification = try sweep.specification()
    func refusal(_ folder: URL) -> String? {
      do throws(ReportRefusal) { try ReportFolder(folder: folder).check(specification, sweep.workspace) } catch {
        return error.description
      }
      return nil
    }
    let root = try #require(refusal(URL(fileURLWithPath: "/", isDirectory: true)))
    #expect(root.hasPrefix("/ is the root of all folders and holds "))
    #expect(root.contains("nothing was written. Give a folder of its own, such as -o Reports/small, or write"))
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
    #expect(refusal(here)?.contains(" and holds ") == true)
    #expect(refusal(sweep.folder)?.contains(" is the folder of the workspace and holds ") == true)
    // One of its own, and one that a report was written into before.
    #expect(refusal(URL(fileURLWithPath: sweep.path("new"), isDirectory: true)) == nil)
    try Data("{}".utf8).write(to: URL(fileURLWithPath: sweep.path(WrittenFiles.name)))
    #expect(refusal(sweep.folder) == nil)
  }

  @Test func anUnknownCaseIsRefusedBeforeAnythingIsWritten() throws {
    var settings = ReportSession.Settings()
    settings.overlays = ["Case1x", "ghost"]
    let session = try session(settings: settings)
    let error = #expect(throws: UsageError.self) { try session.write(searchPath: "", console: console) }
    #expect(error?.description.hasPrefix("--overlay Case1x: there is no such test case, did you mean Case") == true)
    #expect(error?.description.contains("There are Case") == true)
    let scored = session.report.input.scoredCases
    settings.overlays = ["imagesTr/\(scored[0])_0000.nii.gz"]
    let file = try self.session(settings: settings)
    let named = #expect(throws: UsageError.self) { try file.write(searchPath: "", console: console) }
    #expect(named?.description.contains("no such test case, did you mean \(scored[0])?") == true)
    let untested = try #require((1...8).map { "Case\($0)" }.first { !scored.contains($0) })
    // By its name, or by its file, which has the channel behind it.
    for given in [untested, "MR/\(untested).nii.gz", "imagesTr/\(untested)_0000.nii.gz"] {
      settings.overlays = [given]
      let other = try self.session(settings: settings)
      let told = #expect(throws: UsageError.self) { try other.write(searchPath: "", console: console) }
      #expect(told?.description.hasPrefix("--overlay \(given): this case of the dataset is in no test") == true)
    }
    #expect(!FileManager.default.fileExists(atPath: session.folder.path))
  }

  /// Tables and drawings are there and printed, whatever the program that makes pictures does.
  @Test(arguments: ["exit 1", "kill -11 $$"]) func aPictureThatCannotBeMadeCostsNoTable(script: String) throws {
    let tool = URL(fileURLWithPath: sweep.path("tools/rsvg-convert"))
    try writeProgram("#!/bin/sh\n\(script)\n", to: tool)
    let session = try session()
    let pictures = try session.figureCount
    #expect(throws: ReportRefusal.pictures(failed: pictures)) {
      try session.write(searchPath: tool.deletingLastPathComponent().path, console: console)
    }
    #expect(console.output.count == session.report.tables.count + 1 && console.output.last == session.folder.path)
    #expect(console.errors.contains("learning-curves.svg"))
    for name in ["report.md", "report.html", "folds.csv", "folds.tex", "report.json", "learning-curves.svg"] {
      #expect(FileManager.default.fileExists(atPath: session.folder.appending(path: name).path), "\(name)")
    }
  }

  /// A folder that cannot be written is named, with what to do.
  @Test func aFileInThePlaceOfTheFolderIsNamed() throws {
    try Data("mine".utf8).write(to: URL(fileURLWithPath: sweep.path("report")))
    let error = #expect(throws: SystemError.self) { try session().write(searchPath: "", console: console) }
    #expect(error?.file.hasPrefix(sweep.path("report")) == true && error?.action == .create)
  }

  @Test func cellsAreExplained() throws {
    let session = try session()
    #expect(try session.explanation(method: "Base", cell: "fold 1").contains("evaluation.h5"))
    #expect(throws: Explanation.Failure.unknownMethod("X", known: ["SAFNet", "Base"], cell: "fold 1")) {
      try session.explanation(method: "X", cell: "fold 1")
    }
  }
}

extension ReportSession {
  fileprivate var figureCount: Int {
    get throws { report.figures(overlays: []).count + 1 }
  }
}
