/// A `table` environment; needs `booktabs`, `graphicx` and `amssymb`.
package enum LaTeX {
  static let writer = CellWriter(
    plusMinus: " \\pm ", minus: "-", less: "<", missing: "---", tick: "$\\checkmark$", noTick: "",
    number: { "$\($0)$" }, escape: escaped, best: { "{\\boldmath\\bfseries \($0)}" }, second: { "\\underline{\($0)}" },
    undecided: "{}$^{\\dagger}$")

  package static func escaped(_ text: String) -> String { LaTeXText.escaped(text) }

  package static func text(_ table: Table, experiment: String) -> String {
    let head = table.heads.map { escaped($0.title) }
    let alignment = table.heads.map { $0.alignment == .leading ? "l" : "r" }.joined()
    var lines = [
      "% needs \\usepackage{booktabs,graphicx,amssymb}", "\\begin{table}", "  \\centering",
      "  \\caption{\(escaped(table.caption))}", "  \\label{tab:\(label(experiment))-\(table.kind.rawValue)}",
      "  \\resizebox{\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi}{!}{%",
      "  \\begin{tabular}{@{}\(alignment)@{}}", "    \\toprule",
      "    " + row(head), "    \\midrule",
    ]
    for row in table.rows {
      if row.startsSection { lines.append("    \\midrule") }
      let label = row.isQuoted ? "\\textit{\(escaped(row.label))}" : escaped(row.label)
      lines.append("    " + Self.row([label] + row.cells.map(writer.text)))
    }
    lines += ["    \\bottomrule", "  \\end{tabular}}"]
    lines += table.notes.map { "  \\par\\smallskip{\\footnotesize \(escaped($0))\\par}" }
    let text = (lines + ["\\end{table}"]).joined(separator: "\n") + "\n"
    return text.contains("\\safnetunicode") ? LaTeXText.definition + "\n" + text : text
  }

  private static func row(_ cells: [String]) -> String { cells.joined(separator: " & ") + " \\\\" }

  /// Labels are not typeset: only letters, digits and hyphens are sure to work.
  private static func label(_ name: String) -> String {
    name.unicodeScalars.map { scalar in
      scalar.isASCII && scalar.properties.isAlphabetic || "0"..."9" ~= scalar ? String(scalar) : "-"
    }.joined()
  }
}
