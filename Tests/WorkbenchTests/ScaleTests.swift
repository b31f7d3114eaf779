import Foundation
import Reporting
import Store
import TestSupport
import Testing
import Workbench

/// Grids, seeds and folds make many runs: what only looks at them stays quick and readable.
///
/// With `SAFNET_MANY_RUNS=FOLDER` there are 10,000 of them, of 50 epochs each (1.5 GB), left in the folder for the built
/// program.
@Suite struct ScaleTests {
  private static let folder = ProcessInfo.processInfo.environment["SAFNET_MANY_RUNS"]

  @Test func manyRunsAreReadAndShown() throws {
    let temporary = try TemporaryFolder()
    let folder = Self.folder.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? temporary.url
    let (rates, seeds) = Self.folder == nil ? (1, 2) : (20, 20)
    let many = try ManyRuns(in: folder, rates: rates, seeds: seeds, epochs: Self.folder == nil ? 25 : 50)
    let console = RecordedConsole()
    let statuses = try StatusBoard(workspace: many.workspace, of: many.specification, console: console).read()
    #expect(statuses.count == 25 * rates * seeds && statuses.allSatisfy { $0.state == .finished })
    let session = try ReportSession(
      specification: many.specification, workspace: many.workspace, program: SmallSweep.program, console: console)
    let fields = session.report.tables.first { $0.kind == .ablation }?.columns.prefix(6)
    #expect(session.report.status == nil && fields?.contains("width") == true)
  }
}
