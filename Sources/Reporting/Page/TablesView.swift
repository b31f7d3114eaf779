/// The tables of `safnet report`: the cells of its `report.json`, number for number, with what a page needs to set them.
package struct TablesView: Encodable, Sendable {
  package let status: String?
  package let tables: [Table]
  package let provenance: ReportInput.Provenance?

  package struct Table: Encodable, Sendable {
    package let identifier: String
    package let heading: String
    package let caption: String
    package let notes: [String]
    package let heads: [Head]
    package let rows: [Row]
  }

  package struct Head: Encodable, Sendable {
    package let title: String
    package let leads: Bool
  }

  package struct Row: Encodable, Sendable {
    package let label: String
    package let isQuoted: Bool
    package let startsSection: Bool
    package let cells: [Cell]
  }

  package struct Cell: Encodable, Sendable {
    package let record: ReportRecord.Cell
    package let rank: String?
    package let isUndecided: Bool
  }

  /// Without an experiment there are no tables.
  package init() { (status, tables, provenance) = (nil, [], nil) }

  /// - Parameter holdsRuns: whether each cell names the runs that it rests on, as `report.json` does.
  package init(_ report: Report, holdsRuns: Bool = true) {
    (status, provenance) = (report.status, report.input.provenance)
    tables = zip(report.tables, ReportRecord(report).tables).map { table, record in
      var record = record
      if !holdsRuns { for place in record.cells.indices { record.cells[place].runs = nil } }
      return Table(table, record)
    }
  }
}

extension TablesView.Table {
  fileprivate init(_ table: Reporting.Table, _ record: ReportRecord.Table) {
    (identifier, heading) = (record.identifier, table.heading)
    (caption, notes) = (record.caption, record.notes)
    heads = table.heads.map { TablesView.Head(title: $0.title, leads: $0.alignment == .leading) }
    let columns = table.columns.count
    rows = table.rows.enumerated().map { index, row in
      // The record's cells stand row by row.
      let own = record.cells[(index * columns)..<((index + 1) * columns)]
      return TablesView.Row(
        label: row.label, isQuoted: row.isQuoted, startsSection: row.startsSection,
        cells: zip(row.cells, own).map { cell, record in
          TablesView.Cell(record: record, rank: cell.rank?.rawValue, isUndecided: cell.isUndecided)
        })
    }
  }
}
