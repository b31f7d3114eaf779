import Experiments
import Foundation
import Reporting
import Testing
import Workbench

/// Tests that look at a small sweep and write its report beside it.
protocol ReportLook {
  var console: RecordedConsole { get }
}

extension ReportLook {
  func report(
    _ sweep: SmallSweep, _ specification: Specification? = nil, file: String = "small.json", force: Bool = false
  ) throws -> ReportSession {
    var settings = ReportSession.Settings()
    (settings.file, settings.force) = (URL(fileURLWithPath: sweep.path(file)), force)
    return try ReportSession(
      specification: specification ?? sweep.specification(), workspace: sweep.workspace, output: sweep.path("report"),
      settings: settings, program: SmallSweep.program, console: console)
  }

  func write(_ session: ReportSession) throws {
    try session.write([.markdown, .csv, .latex, .json], searchPath: "", console: console)
  }

  func files(_ folder: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, (try? Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0))) ?? Data())
      })
  }

  func everything(_ sweep: SmallSweep) throws -> [String] {
    try #require(FileManager.default.enumerator(atPath: sweep.folder.path)).map { "\($0)" }.sorted()
  }
}
