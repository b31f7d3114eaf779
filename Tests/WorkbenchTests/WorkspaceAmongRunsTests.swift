import Experiments
import Foundation
import Scheduling
import Store
import Testing
import Training
import Workbench

@Suite struct WorkspaceAmongRunsTests {
  let console = RecordedConsole()

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

  /// A new one is refused; of one that was begun nobody would understand it.
  @Test func aWorkspaceThatWasBegunAmongRunsGoesOn() throws {
    let sweep = try SmallSweep.trained()
    var settings = SweepSession.Settings()
    (settings.dryRun, settings.executor) = (true, "here")
    let inner = Workspace(sweep.workspace.root.appending(path: "runs/new/Workspace"))
    let session = SweepSession(
      specification: try sweep.specification(), workspace: inner, settings: settings, program: SmallSweep.program,
      machine: .init(cores: 2, freeMemory: 1 << 40), executors: ExecutorList([.here()]), console: console)
    #expect(throws: UsageError.self) { try session.run(stop: StopFlag()) }
    try inner.prepare()
    _ = try session.run(stop: StopFlag())
    #expect(console.output.count == 5, "\(console.output)")
  }
}
