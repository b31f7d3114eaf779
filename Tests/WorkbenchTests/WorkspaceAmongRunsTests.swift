import Experiments
import Foundation
import Scheduling
import Store
import Testing
import Training
import Workbench

@Suite struct WorkspaceAmongRunsTests {
  /// A new one is refused; of one that was begun nobody would understand it.
  @Test func aWorkspaceThatWasBegunAmongRunsGoesOn() throws {
    let sweep = try SmallSweep.trained()
    let console = RecordedConsole()
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
