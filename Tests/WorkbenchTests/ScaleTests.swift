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

  /// The page of a report of 75 runs of 25 epochs has every curve and case inside, and can be sent to somebody.
  @Test func aPageOf75RunsHoldsAllAndStaysSmall() throws {
    let temporary = try TemporaryFolder()
    let many = try ManyRuns(in: temporary.url, rates: 1, seeds: 3)
    let console = RecordedConsole()
    let session = try ReportSession(
      specification: many.specification, workspace: many.workspace, output: temporary.file("report").path,
      program: SmallSweep.program, console: console)
    try session.write([.html, .json], searchPath: "", console: console)
    let page = try String(contentsOf: session.folder.appending(path: "report.html"), encoding: .utf8)
    #expect(page.utf8.count < 5_000_000)
    let data = try #require(page.firstMatch(of: /id="data">(.*?)<\/script>/.dotMatchesNewlines())).1
    let stored = try JSONDecoder().decode(Stored.self, from: Data(data.utf8))
    #expect(stored.leftOut == [] && stored.curves.count == 75)
    #expect(stored.curves.allSatisfy { $0.loss == (1...25).map { 1 / Double($0) } })
    // Each of 5 widths and 3 seeds has tested 7 cases on each of 5 folds.
    #expect(stored.cases.cases.count == 525 && stored.cases.measures.allSatisfy { $0.values.count == 525 })
  }

  private struct Stored: Decodable {
    struct Curve: Decodable { let loss: [Double] }
    struct Cases: Decodable {
      struct Case: Decodable {}
      struct Measure: Decodable { let values: [[Double?]] }
      let cases: [Case]
      let measures: [Measure]
    }
    let leftOut: [String]
    let curves: [Curve]
    let cases: Cases
  }
}
