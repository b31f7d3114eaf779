/// Text and tables for a page.
enum HTML {
  static func escaped(_ text: String) -> String {
    text.replacingCharacters(["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;"])
  }

  static let writer = CellWriter(
    plusMinus: " ± ", minus: "−", less: "&lt;", missing: "—", tick: "✓", noTick: "", number: { $0 }, escape: escaped,
    best: { "<b>\($0)</b>" }, second: { "<u>\($0)</u>" })

  /// A table whose heads sort it; `data-v` holds what a cell is sorted by.
  static func table(_ table: Table) -> String {
    let heads = ([table.rowTitle] + table.columns).map {
      "<th scope=\"col\"><button type=\"button\">\(escaped($0))</button></th>"
    }
    let rows = table.rows.map { row in
      let label = "<th scope=\"row\" data-v=\"\(escaped(row.label))\">\(escaped(row.label))</th>"
      let kind = row.isQuoted ? " class=\"quoted\"" : row.startsSection ? " class=\"section\"" : ""
      return "<tr\(kind)>\(label)\(row.cells.map(cell).joined())</tr>"
    }
    let notes = table.notes.map { "<p class=\"note\">\(escaped($0))</p>" }.joined(separator: "\n")
    return """
      <section id="\(table.kind.rawValue)"><h2>\(escaped(table.heading))</h2>
      <p class="caption">\(escaped(table.caption))</p>
      <div class="scroll"><table><thead><tr>\(heads.joined())</tr></thead><tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      \(notes)</section>
      """
  }

  private static func cell(_ cell: Cell) -> String {
    let title = cell.source.map { " title=\"\(escaped("\($0.statistic), n = \($0.count)"))\"" } ?? ""
    return "<td data-v=\"\(sortKey(cell.content))\"\(title)>\(writer.text(cell))</td>"
  }

  private static func sortKey(_ content: Cell.Content) -> String {
    switch content {
    case .number(let number): "\(number.value)"
    case .interval(let lower, _, _): "\(lower)"
    case .tick(let isSet): isSet ? "1" : "0"
    case .text(let text): escaped(text)
    case .missing: ""
    }
  }
}
