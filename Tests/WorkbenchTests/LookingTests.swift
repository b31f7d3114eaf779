import Experiments
import Foundation
import Reporting
import Store
import Testing
import Workbench

/// Commands that only look: what they need, and that they make nothing.
@Suite struct LookingTests: ReportLook {
  let console = RecordedConsole()

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
