import Text

/// Text and tables for a page.
package enum HTML {
  /// A name or a sentence, as text or in an attribute, of HTML and of XML.
  package static func escaped(_ text: String) -> String { text.oneLine.replacingScalars(entities) }

  /// Several lines, for `pre`.
  static func escapedLines(_ text: String) -> String { text.visible(keeping: ["\n"]).replacingScalars(entities) }

  private static let entities: [Unicode.Scalar: String] = [
    "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;",
  ]

  static let writer = CellWriter(
    plusMinus: " ± ", minus: "−", less: "&lt;", missing: "—", tick: "✓", noTick: "", number: { $0 }, escape: escaped,
    best: { "<b>\($0)</b>" }, second: { "<u>\($0)</u>" })

  /// - Parameter downloads: what stands below its notes.
  package static func table(_ table: Table, downloads: String = "") -> String {
    let heads = table.heads.enumerated().map { column, head in
      "<th scope=\"col\"\(style(table, column))>\(escaped(head.title))</th>"
    }
    let rows = table.rows.map { row in
      let kind = row.isQuoted ? " class=\"quoted\"" : row.startsSection ? " class=\"section\"" : ""
      let cells = row.cells.enumerated().map { cell($1, style(table, $0 + 1)) }
      return "<tr\(kind)><th scope=\"row\">\(escaped(row.label))</th>\(cells.joined())</tr>"
    }
    let notes = table.notes.map { "<p class=\"note\">\(escaped($0))</p>" }.joined(separator: "\n")
    return """
      <section id="\(table.kind.rawValue)"><h2>\(escaped(table.heading))</h2>
      <p class="caption">\(escaped(table.caption))</p>
      <div class="scroll"><table><thead><tr>\(heads.joined())</tr></thead><tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      \(notes)\(downloads)</section>
      """
  }

  /// The page's own style leads the first column and trails the others.
  private static func style(_ table: Table, _ column: Int) -> String {
    column > 0 && table.heads[column].alignment == .leading ? " class=\"words\"" : ""
  }

  private static func cell(_ cell: Cell, _ style: String) -> String {
    let title = cell.source.map { " title=\"\(escaped("\($0.statistic), n = \($0.count)"))\"" } ?? ""
    return "<td\(title)\(style)>\(writer.text(cell))</td>"
  }
}
