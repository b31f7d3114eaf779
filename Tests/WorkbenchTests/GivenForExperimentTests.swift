import Experiments
import Foundation
import Store
import Testing
import Workbench

/// What stands in the place of an experiment's file.
@Suite struct GivenForExperimentTests {
  private let sweep: SmallSweep
  private var workspace: Workspace { sweep.workspace }

  init() throws { sweep = try SmallSweep.trained() }

  private func given(_ text: String) -> GivenForExperiment? { GivenForExperiment(text, in: workspace) }

  private func isFile(_ found: GivenForExperiment?) -> Bool {
    let file = found?.file.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    return file == URL(fileURLWithPath: sweep.path("small.json")).resolvingSymlinksInPath().path
  }

  @Test func namesLeadToTheFile() throws {
    let variant = try #require(given("Base"))
    #expect(variant.words == "is a variant of small in the workspace \(workspace.root.relativePath)")
    #expect(isFile(variant) && variant.part.only == ["Base"] && variant.part.folds == nil)
    let experiment = try #require(given("small"))
    #expect(isFile(experiment) && experiment.words.hasPrefix("is the name of an experiment"))
    let run = try #require(try workspace.runNames().first { $0.hasPrefix("safnet-base-f2") })
    for text in [run, String(run.dropLast(3)), "Base, fold 2"] {
      let found = try #require(given(text))
      let called = text == run ? "a run" : "the run \(run)"
      #expect(found.words.hasPrefix("is \(called) of small (Base, fold 2) in the workspace "), "\(found.words)")
      #expect(isFile(found) && found.part.only == ["Base"] && found.part.folds == [2] && found.workspace == nil)
    }
    #expect(given("nobody") == nil && given("nowhere/Base") == nil)
  }

  /// With what it was planned with, without which it is not of the file.
  @Test func theSettingsOfARunAreNamed() throws {
    let run = try #require(try workspace.runDirectories().first)
    try run.pretend(commandLine: ["safnet", "run", "small.json", "--set", "training.epochs=1"])
    #expect(given(run.name)?.settings == ["training.epochs=1"])
  }

  @Test func foldersLeadToTheFile() throws {
    let run = try #require(try workspace.runDirectories().first)
    let elsewhere = Workspace(sweep.folder.appending(path: "Other"))
    for text in [run.url.path, run.url.path + "/", run.planFile.path] {
      #expect(isFile(given(text)) && given(text)?.workspace == nil)
      #expect(GivenForExperiment(text, in: elsewhere)?.workspace == workspace.root.standardizedFileURL.path)
    }
    let runs = try #require(given(workspace.runsFolder.path))
    #expect(isFile(runs) && runs.words.hasSuffix(", which are of small"))
    var settings = ReportSession.Settings()
    settings.file = URL(fileURLWithPath: sweep.path("small.json"))
    let session = try ReportSession(
      specification: sweep.specification(), workspace: workspace, output: sweep.path("report"), settings: settings,
      program: SmallSweep.program, console: RecordedConsole())
    try session.write([.json], searchPath: "", console: RecordedConsole())
    for text in ["report", "report/report.json"] {
      #expect(isFile(given(sweep.path(text))) && given(sweep.path(text))?.words == "is the report of small", "\(text)")
    }
    #expect(given(sweep.folder.path) == nil && given(sweep.path("phantom")) == nil)
  }
}
