import Experiments
import Foundation
import Synchronization
import Testing
import Workbench

/// A group of the report that is called as a structure is, where the dataset alone names those: told by everything
/// that opens it.
@Suite struct GroupNoticeTests {
  private let foreign: ForeignResults
  private let words = #"a structure is called "L5", so that tables have two rows of that name"#

  init() throws { foreign = try ForeignResults() }

  private func specification() throws -> Specification {
    try foreign.specification([#"report.groups={"L5":["L4"]}"#])
  }

  @Test func theCheckOfADatasetTellsIt() throws {
    let notices = try DatasetReport(specification()).census.notices
    #expect(notices.contains { $0.contains(words) }, "\(notices)")
  }

  @Test func aSweepTellsIt() throws {
    let notices = Mutex<[String]>([])
    let opening = ExperimentOpening(
      specification: try specification(), workspace: foreign.workspace, workers: 2,
      report: { step in
        if case .notice(let said) = step { notices.withLock { $0.append(said) } }
      })
    try opening.checkCases(of: opening.open())
    let told = notices.withLock { $0 }
    #expect(told.contains { $0.contains(words) }, "\(told)")
  }

  @Test func aReportTellsIt() throws {
    try foreign.run()
    let console = RecordedConsole()
    _ = try ReportSession(
      specification: specification(), workspace: foreign.workspace, output: foreign.temporary.file("r").path,
      program: SmallSweep.program, console: console)
    #expect(console.errors.contains(words), "\(console.errors)")
  }
}
