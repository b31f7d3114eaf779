import Experiments
import Foundation
import System

/// What a report writes, by file name.
package struct ReportFiles: Equatable, Sendable {
  package enum Format: String, CaseIterable, Sendable { case markdown, csv, latex, json, figures, html }

  package private(set) var contents: [String: Data] = [:]
  /// A sentence for each figure that is too large to be drawn, and for scores that are too many for a file.
  package let leftOut: [String]
  private let tables: [ReportPlan.Table]

  /// - Parameter experiment: the experiment's file, by its path from the report's folder.
  package init(
    _ report: Report, formats: Set<Format> = Set(Format.allCases), overlays: [Overlay] = [], experiment: String? = nil
  ) {
    tables = report.tables.map(\.kind)
    let isDrawn = formats.contains(.figures) || formats.contains(.html)
    let drawings = isDrawn ? report.drawings(overlays: overlays) : Drawings(figures: [], leftOut: [])
    let cases = formats.contains(.csv) ? CaseScores.text(report.input) : ""
    leftOut =
      drawings.leftOut
      + (cases == nil ? ["cases.csv is left out: it would have more than \(CaseScores.mostLines) lines."] : [])
    if formats.contains(.csv) { contents["cases.csv"] = cases.map { Data($0.utf8) } }
    if formats.contains(.figures) {
      for figure in drawings.figures { contents["\(figure.name).svg"] = Data(figure.svg.utf8) }
    }
    let makers = Self.makers(report, formats, drawings, leftOut, experiment)
    let made = parallelMap(makers, workers: Machine.processors) { ($0.name, $0.make()) }
    for (name, data) in made { contents[name] = data }
  }

  /// A file, made independently of the others; nil where there is nothing to say in it.
  private struct Maker: Sendable {
    let name: String
    let make: @Sendable () -> Data?
  }

  /// What is long in a report of many runs comes first.
  private static func makers(
    _ report: Report, _ formats: Set<Format>, _ drawings: Drawings, _ leftOut: [String], _ experiment: String?
  ) -> [Maker] {
    var makers: [Maker] = []
    func add(_ name: String, _ text: @escaping @Sendable () -> String?) {
      makers.append(Maker(name: name) { text().map { Data($0.utf8) } })
    }
    if formats.contains(.html) {
      add("report.html") { HTMLPage.text(report, figures: drawings.figures, leftOut: leftOut) }
    }
    if formats.contains(.json) {
      makers.append(Maker(name: "report.json") { ReportRecord(report, experiment: experiment).json })
    }
    if formats.contains(.csv) {
      add("test-cases.csv") { report.input.ofTest.flatMap(CaseScores.text) }
      add("cases-wide.csv") { CaseColumns.text(report.input) }
    }
    if formats.contains(.markdown) {
      let linked = formats.contains(.figures) ? drawings : Drawings(figures: [], leftOut: [])
      add("report.md") { Markdown.text(report, figures: linked.figures, leftOut: linked.leftOut) }
      add("methods.md") { MethodsText(report).text }
      add("checklist.md") { ChecklistText(report).text }
    }
    for table in report.tables {
      if formats.contains(.csv) { add("\(table.kind.rawValue).csv") { CommaSeparated.text(table) } }
      if formats.contains(.latex) {
        add("\(table.kind.rawValue).tex") { LaTeX.text(table, experiment: report.input.name) }
      }
    }
    return makers
  }

  /// Tables first, then what is drawn: what a figure meets costs no table.
  package func write(to folder: URL) throws(SystemError) {
    try Folder.create(folder)
    removeDropped(from: folder)
    let drawings = Set(drawings)
    for name in contents.keys.filter({ !drawings.contains($0) }).sorted() + drawings.sorted() {
      try AtomicFile.write(contents[name]!, to: folder.appending(path: name))
    }
  }

  /// The figures' files.
  package var drawings: [String] { contents.keys.filter { $0.hasSuffix(".svg") }.sorted() }

  /// A table that an earlier report made here and this one does not would be taken for a current one.
  private func removeDropped(from folder: URL) {
    for file in dropped(from: folder) { try? FileManager.default.removeItem(at: folder.appending(path: file)) }
  }

  /// The files of tables that an earlier report made in a folder and this one does not; those that nobody knows to be a report's
  /// are not among them.
  package func dropped(from folder: URL) -> [String] {
    let dropped = ReportRecord(in: folder)?.options.tables.filter { !tables.contains($0) } ?? []
    let written = WrittenFiles(in: folder)
    return dropped.flatMap { ["\($0.rawValue).csv", "\($0.rawValue).tex"] }.filter { name in
      FileManager.default.fileExists(atPath: folder.appending(path: name).path)
        && written.owner(of: name, in: folder) != .somebodyElse
    }
  }
}
