import Foundation
import Store
import Testing
import Workbench

/// A run whose plan is lost is exported only where runs may be unfinished, and leads to what makes the plan anew.
@Suite struct LostPlanExportTests {
  @Test(arguments: [ExportSession.Format.nnunet, .bids, .tensorboard])
  func aPlanThatIsLostIsMadeAnew(format: ExportSession.Format) throws {
    let sweep = try SmallSweep.trained()
    let run = try sweep.workspace.runDirectories()[0]
    try FileManager.default.removeItem(at: run.planFile)
    var session = ExportSession(runs: .named([run.name]), format: format, output: sweep.path("export"))
    session.allowsUnfinished = true
    let error = #expect(throws: StoreError.self) {
      try session.run(in: sweep.workspace, program: SmallSweep.program, console: RecordedConsole())
    }
    let words = error?.description ?? ""
    #expect(words.contains("plan.json is missing. Give `safnet run` with its experiment"), "\(words)")
    #expect(!FileManager.default.fileExists(atPath: sweep.path("export")))
  }
}
