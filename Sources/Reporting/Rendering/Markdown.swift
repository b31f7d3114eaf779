import Text

/// GitHub's Markdown.
package enum Markdown {
  static let writer = CellWriter(
    plusMinus: " ± ", minus: "−", less: "&lt;", missing: "—", tick: "✓", noTick: "", number: { $0 }, escape: escaped,
    best: { "**\($0)**" }, second: { "<u>\($0)</u>" })

  package static func escaped(_ text: String) -> String {
    text.oneLine.replacingScalars([
      "|": "\\|", "_": "\\_", "*": "\\*", "`": "\\`", "#": "\\#", "\\": "\\\\", "&": "&amp;", "<": "&lt;",
      ">": "&gt;", "[": "\\[", "]": "\\]", "~": "\\~",
    ])
  }

  /// A paragraph of its own: what would begin a list or code does not.
  package static func paragraph(_ text: String) -> String {
    let text = String.UnicodeScalarView(escaped(text).unicodeScalars.drop { $0 == " " })
    let number = text.prefix { "0"..."9" ~= $0 }
    let rest = text[number.endIndex...]
    let signs: [Unicode.Scalar] = number.isEmpty ? ["-", "+"] : [".", ")"]
    guard let sign = rest.first, signs.contains(sign) else { return String(text) }
    return String(number) + "\\" + String(rest)
  }

  package static func text(_ table: Table) -> String {
    let head = line(table.heads.map(\.title), escaped)
    let rule = "|" + table.heads.map { $0.alignment == .leading ? ":--|" : "--:|" }.joined()
    let rows = table.rows.map { row in
      let label = row.isQuoted ? "*\(escaped(row.label))*" : escaped(row.label)
      return line([label] + row.cells.map(writer.text)) { $0 }
    }
    let caption = "**\(table.heading).** \(escaped(table.caption))"
    let notes = table.notes.map { "\n" + paragraph($0) + "\n" }.joined()
    return ([caption, "", head, rule] + rows).joined(separator: "\n") + "\n" + notes
  }

  package static func text(_ report: Report, figures: [Figure] = [], leftOut: [String] = []) -> String {
    let provenance = report.input.provenance
    let status = report.status.map { "**\(escaped($0))**\n\n" } ?? ""
    let origin =
      "Dataset `\(provenance.dataset.prefix(12))` (\(Quantity.of(provenance.cases, "case"))), specification"
      + " `\(provenance.specification.prefix(12))`, safnet \(escaped(provenance.software))"
      + (report.input.numericsWords.map { ", \($0)." } ?? ".")
      + " Every cell's statistic, n and runs: `report.json`."
    let images = figures.map { "![\(escaped($0.caption))](\($0.name).svg)\n" } + leftOut.map { paragraph($0) + "\n" }
    return "# \(escaped(report.input.title))\n\n" + status
      + (report.tables.map(text) + images).joined(separator: "\n") + "\n\(origin)\n"
  }

  private static func line(_ cells: [String], _ transform: (String) -> String) -> String {
    "| " + cells.map(transform).joined(separator: " | ") + " |"
  }
}
