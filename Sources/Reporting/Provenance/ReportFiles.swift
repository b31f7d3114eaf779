import Experiments
import Foundation

/// What a report writes, by file name.
package struct ReportFiles: Equatable, Sendable {
  package enum Format: String, CaseIterable, Sendable { case markdown, csv, latex, json, figures, html }

  package private(set) var contents: [String: Data] = [:]
  private let tables: [ReportPlan.Table]

  package init(_ report: Report, formats: Set<Format> = Set(Format.allCases), overlays: [Overlay] = []) {
    tables = report.tables.map(\.kind)
    let figures = report.figures(overlays: overlays)
    if formats.contains(.markdown) {
      let linked = formats.contains(.figures) ? figures : []
      contents["report.md"] = Data(Markdown.text(report, figures: linked).utf8)
    }
    for table in report.tables {
      if formats.contains(.csv) { contents["\(table.kind.rawValue).csv"] = Data(CommaSeparated.text(table).utf8) }
      if formats.contains(.latex) {
        contents["\(table.kind.rawValue).tex"] = Data(LaTeX.text(table, experiment: report.input.name).utf8)
      }
    }
    if formats.contains(.json) { contents["report.json"] = ReportRecord(report).json }
    if formats.contains(.figures) {
      for figure in figures { contents["\(figure.name).svg"] = Data(figure.svg.utf8) }
    }
    if formats.contains(.html) { contents["report.html"] = Data(HTMLPage.text(report, figures: figures).utf8) }
  }

  package func write(to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    removeDropped(from: folder)
    for (name, data) in contents.sorted(by: { $0.key < $1.key }) {
      try data.write(to: folder.appending(path: name), options: .atomic)
    }
  }

  /// A table that an earlier report made here and this one does not would be taken for a current one.
  private func removeDropped(from folder: URL) {
    let dropped = ReportRecord(in: folder)?.options.tables.filter { !tables.contains($0) } ?? []
    for file in dropped.flatMap({ ["\($0.rawValue).csv", "\($0.rawValue).tex"] }) {
      try? FileManager.default.removeItem(at: folder.appending(path: file))
    }
  }
}
