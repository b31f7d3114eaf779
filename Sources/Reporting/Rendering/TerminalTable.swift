/// A table for a terminal: columns aligned, the caption below.
package enum TerminalTable {
  package static func text(_ table: Table) -> String {
    let head = table.heads.map(\.title)
    let rows = table.rows.map { row in [row.label] + row.cells.map(PlainText.text) }
    let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
    let rule = widths.map { String(repeating: "─", count: $0) }
    let lines = ([head, rule] + rows).map { line($0, widths, table.heads.map(\.alignment)) }
    return ([table.heading] + lines + table.notes + [table.caption]).joined(separator: "\n")
  }

  private static func line(_ cells: [String], _ widths: [Int], _ alignments: [Alignment]) -> String {
    let padded = cells.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - cells[column].count)
      return alignments[column] == .leading ? cells[column] + space : space + cells[column]
    }
    let text = padded.joined(separator: "  ")
    return String(text.reversed().drop { $0 == " " }.reversed())
  }
}
