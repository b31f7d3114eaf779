import Experiments
import Foundation
import JSON
import Store
import System

/// `report.json`: every cell with its value, statistic, n and runs, and what all of them rest on.
package struct ReportRecord: Codable, Equatable, Sendable {
  package struct Options: Codable, Equatable, Sendable {
    package var deviation: Deviation
    package var average: Averaging
    package var paper: [ReportPlan.PaperTable]
    package var second: Bool
    package var seed: UInt64
    package var tables: [ReportPlan.Table]
  }

  package struct Run: Codable, Equatable, Sendable {
    package var variant: String
    package var fold: Int
    /// Absent where the variant has no other.
    package var seed: UInt64?
    package var identity: String
    package var directory: String
    package var state: String
    package var cases: Int?
    /// Those whose bits the scores rest on, null for an unrecorded one; absent when none was recorded.
    package var numerics: [NumericsVersion?]?
    /// What made the label maps of an imported method; absent for a run.
    package var imported: String?
    /// The variant whose networks predict otherwise; absent for a run.
    package var predicted: String?
  }

  package struct Table: Codable, Equatable, Sendable {
    package var identifier: String
    package var caption: String
    package var notes: [String]
    package var cells: [Cell]
  }

  package struct Cell: Codable, Equatable, Sendable {
    package var row: String
    package var column: String
    /// As in the Markdown table, without emphasis.
    package var text: String
    package var value: Double?
    package var deviation: Double?
    package var interval: [Double]?
    package var statistic: String?
    package var n: Int?
    package var coverage: String?
    package var runs: [String]?
  }

  package var format = 1
  package var name: String
  package var title: String
  /// The experiment's file, by its path from the report's folder; nil where that was not told.
  package var experiment: String?
  package var provenance: ReportInput.Provenance
  package var options: Options
  package var runs: [Run]
  package var tables: [Table]

  package init(_ report: Report, experiment: String? = nil) {
    (name, title) = (report.input.name, report.input.title)
    self.experiment = experiment
    provenance = report.input.provenance
    options = Options(report.options)
    runs = report.input.variants.flatMap { variant in
      variant.runs.map {
        Run(
          variant: variant.name, fold: $0.fold, seed: variant.tellingSeed(of: $0), identity: $0.identity,
          directory: $0.directory, state: $0.state,
          cases: $0.evaluations?.count, numerics: $0.numerics.contains { $0 != nil } ? $0.numerics : nil,
          imported: variant.imported?.origin, predicted: variant.predicted?.variant)
      }
    }
    tables = report.tables.map(Table.init)
  }

  /// The record that an earlier report left in a folder; nil if there is none.
  package init?(in folder: URL) {
    guard let data = try? Descriptor.contents(of: Self.file(in: folder)),
      let record = try? JSONDecoder().decode(Self.self, from: data)
    else { return nil }
    self = record
  }

  static func file(in folder: URL) -> URL { folder.appending(path: "report.json") }

  /// Sorted keys, shortest round-trip numbers: the same report has the same bytes.
  package var json: Data {
    // Strings and finite numbers only, which cannot fail.
    try! IndentedJSON.data(self) + Data("\n".utf8)
  }
}

extension ReportRecord.Options {
  init(_ options: ReportOptions) {
    (deviation, average, paper) = (options.deviation, options.averaging, options.paper)
    (second, seed, tables) = (options.marksSecond, options.seed, options.tables)
  }

  /// What makes the same report again.
  package var reportOptions: ReportOptions {
    ReportOptions(
      deviation: deviation, averaging: average, paper: paper, marksSecond: second, seed: seed, tables: tables)
  }
}

extension ReportRecord.Table {
  init(_ table: Reporting.Table) {
    (identifier, caption, notes) = (table.kind.rawValue, table.caption, table.notes)
    cells = table.rows.flatMap { row in
      zip(table.columns, row.cells).map { ReportRecord.Cell(row: row.label, column: $0, $1) }
    }
  }
}

extension ReportRecord.Cell {
  init(row: String, column: String, _ cell: Reporting.Cell) {
    (self.row, self.column, text) = (row, column, PlainText.text(cell))
    if case .number(let number) = cell.content {
      (value, deviation, coverage) = (number.value, number.deviation, number.coverage)
    }
    if case .interval(let lower, let upper, _) = cell.content { interval = [lower, upper] }
    if let source = cell.source { (statistic, n, runs) = (source.statistic, source.count, source.runs) }
  }
}
