import Experiments
import Foundation
import Reporting
import Scheduling
import Store
import System

/// `safnet report`: one experiment's report, to be written, compared with files written before, or explained.
package struct ReportSession {
  package struct Settings: Sendable {
    /// What deviations run over, and what is averaged first; nil: as the experiment says.
    package var deviation: Deviation?
    package var averaging: Averaging?
    /// Quote the paper's figures in both its tables; else in the one that the experiment names, if any.
    package var paper = false
    package var marksSecond = false
    /// The cases to show in the overlays; empty: best, median and worst.
    package var overlays: [String] = []
    /// Make the report with the choices that the one in the folder was made with.
    package var likeWritten = false

    package init() {}
  }

  package let report: Report
  /// Where its files are, or will be.
  package let folder: URL
  private let overlays: () -> [Overlay]

  /// Opens the experiment and reads its runs.
  ///
  /// - Parameter output: nil: `Reports/NAME`.
  package init(
    specification: Specification, workspace: Workspace, output: String? = nil, settings: Settings = Settings(),
    program: RunningProgram, console: any Console
  ) throws {
    let opened = try ExperimentOpening(
      specification: specification, workspace: workspace, workers: Machine.current().cores,
      report: PreparationLines(console).show
    ).open()
    let input = try ReportInput(
      plan: opened.plan, workspace: workspace, engine: program.engine, software: program.version)
    folder = URL(fileURLWithPath: output ?? "Reports/\(specification.name)", isDirectory: true)
    report = Report(
      input,
      try settings.likeWritten ? ReportCheck.options(in: folder) : settings.options(specification.report))
    overlays = {
      Overlay.stored(for: input, cache: opened.cache, workspace: workspace, names: settings.overlays)
    }
  }

  /// How a cell came about.
  package func explanation(method: String, cell: String) throws(Explanation.Failure) -> String {
    try Explanation(report, method: method, cell: cell).text
  }

  /// A sentence for each cell of the files in the folder that the stored runs contradict.
  package func differences() -> [String] { ReportCheck.differences(in: folder, from: report, overlays: overlays()) }

  /// Writes the files, and prints the tables and what is missing in them.
  ///
  /// - Parameters:
  ///   - printed: the tables to print; empty: all.
  ///   - searchPath: folders with programs, separated by colons, where the one that makes PNG figures may be.
  package func write(
    _ formats: Set<ReportFiles.Format> = Set(ReportFiles.Format.allCases), printing printed: [ReportPlan.Table] = [],
    searchPath: String, console: any Console
  ) throws {
    let overlays = overlays()
    let tables = try printed.isEmpty ? report.tables : printed.map(table)
    let files = ReportFiles(report, formats: formats, overlays: overlays)
    try files.write(to: folder)
    try convertFigures(files, searchPath, console)
    for table in tables { console.print(TerminalTable.text(table) + "\n") }
    console.print(([report.status] + [folder.path]).compactMap { $0 }.joined(separator: "\n"))
  }

  private func table(_ kind: ReportPlan.Table) throws(UsageError) -> Table {
    guard let table = report.table(kind) else {
      throw .noTable(name: kind.rawValue, known: report.tables.map(\.kind.rawValue))
    }
    return table
  }

  private func convertFigures(_ files: ReportFiles, _ searchPath: String, _ console: any Console) throws {
    let drawings = files.contents.keys.filter { $0.hasSuffix(".svg") }.sorted()
    guard !drawings.isEmpty else { return }
    guard let converter = PNGConverter.find(in: searchPath) else {
      return console.error("rsvg-convert is not installed, so there are no PNG figures: apt-get install librsvg2-bin")
    }
    for drawing in drawings { try PNGConverter.convert(folder.appending(path: drawing), with: converter) }
  }
}

extension ReportSession.Settings {
  /// What the experiment says, where these settings say nothing.
  fileprivate func options(_ plan: ReportPlan) -> ReportOptions {
    ReportOptions(
      deviation: deviation ?? plan.deviation, averaging: averaging ?? plan.average,
      paper: paper ? ReportPlan.PaperTable.allCases : plan.paper.map { [$0] } ?? [], marksSecond: marksSecond,
      tables: plan.tables)
  }
}
