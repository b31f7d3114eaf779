import Text

/// A table for a terminal: columns aligned, the caption below.
package enum TerminalTable {
  package static func text(_ table: Table) -> String {
    let head = table.heads.map(\.title)
    let rows = table.rows.map { row in [row.label] + row.cells.map(PlainText.text) }
    let rule = AlignedTable.widths(of: [head] + rows).map { String(repeating: "─", count: $0) }
    let lines = AlignedTable.lines([head, rule] + rows) { table.heads[$0].alignment == .leading }
    return ([table.heading] + lines + table.notes + [table.caption]).joined(separator: "\n")
  }
}
