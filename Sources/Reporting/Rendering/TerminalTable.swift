/// A table for a terminal: columns aligned, the caption below.
package enum TerminalTable {
  package static func text(_ table: Table) -> String {
    let head = [table.rowTitle] + table.columns
    let rows = table.rows.map { row in [row.label] + row.cells.map(PlainText.text) }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    let rule = widths.map { String(repeating: "─", count: $0) }
    let lines = ([head, rule] + rows).map { line($0, widths) }
    return ([table.heading] + lines + table.notes + [table.caption]).joined(separator: "\n")
  }

  /// Names on the left, numbers on the right.
  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = zip(cells, widths).enumerated().map { column, cell in
      let space = String(repeating: " ", count: cell.1 - cell.0.count)
      return column == 0 ? cell.0 + space : space + cell.0
    }
    let text = padded.joined(separator: "  ")
    return String(text.reversed().drop { $0 == " " }.reversed())
  }
}
