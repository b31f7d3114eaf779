import Text

/// How one cell came about, down to the cases: what `safnet report --explain METHOD CELL` prints.
package struct Explanation: Equatable, Sendable {
  package enum Failure: Error, Equatable, CustomStringConvertible {
    /// `isCell`: whether the other name, which was given for the cell, is a method's.
    case unknownMethod(String, known: [String], cell: String, isCell: Bool = true)
    case unknownCell(String, known: [String])

    package var description: String {
      switch self {
      case .unknownMethod(let name, _, let cell, false):
        "--explain: the method comes first, then the cell: --explain \(ShellWord.quoted(cell)) \(ShellWord.quoted(name))"
      case .unknownMethod(let name, let known, _, true):
        "--explain: no method is called '\(name)'\(name.nearest(in: known).hint); there are \(known.joined(separator: ", "))"
      case .unknownCell(let name, let known):
        "--explain: no cell is called '\(name)'\(name.nearest(in: known).hint); there are \(known.joined(separator: ", "))"
      }
    }
  }

  /// One paragraph per cell that the two names lead to.
  package let text: String

  /// - Parameters:
  ///   - method: a variant's name.
  ///   - cell: a column ("Fold 3", "Difference") or a structure ("L5"); case does not matter.
  package init(_ report: Report, method: String, cell: String) throws(Failure) {
    let variants = report.input.variants.map(\.name)
    guard let variant = variants.first(where: { Self.plain($0) == Self.plain(method) }) else {
      let turned = variants.first { Self.plain($0) == Self.plain(cell) }
      throw .unknownMethod(method, known: variants, cell: turned ?? cell, isCell: turned == nil)
    }
    let names = Self.names(report, variant)
    let matches = names.filter { Self.plain($0.name) == Self.plain(cell) }
    guard !matches.isEmpty else {
      throw .unknownCell(cell, known: names.map(\.name).distinct)
    }
    text = matches.map { Self.paragraph($0.table, variant, $0.name, $0.cell, report) }.joined(separator: "\n\n")
  }

  /// Every cell of a variant: where variants are rows, by column; where they are columns, by row.
  private static func names(_ report: Report, _ variant: String) -> [(table: Table, name: String, cell: Cell)] {
    report.tables.flatMap { table -> [(table: Table, name: String, cell: Cell)] in
      if let column = table.columns.firstIndex(of: variant) {
        return table.rows.map { (table, $0.label, $0.cells[column]) }
      }
      guard let row = table.rows.first(where: { $0.label == variant && !$0.isQuoted }) else { return [] }
      return zip(table.columns, row.cells).map { (table, $0, $1) }
    }
  }

  private static func plain(_ name: String) -> String { name.lowercased().filter { !$0.isWhitespace } }

  private static func paragraph(
    _ table: Table, _ variant: String, _ name: String, _ cell: Cell, _ report: Report
  ) -> String {
    var lines = ["\(table.heading): \(variant), \(name): \(PlainText.text(cell))"]
    if cell.content == .missing { lines += table.notes.map { "  \($0)" } }
    guard let source = cell.source else { return lines.joined(separator: "\n") }
    lines.append("  \(source.statistic), n = \(source.count)")
    let runs = report.input.variants.flatMap { variant in variant.runs.map { ($0, variant.tellingSeed(of: $0)) } }
    for (run, seed) in runs where source.runs.contains(run.identity) {
      let seed = seed.map { "  seed \($0)" } ?? ""
      lines.append(
        "  run \(run.identity.prefix(12))  fold \(run.fold)\(seed)  \(run.state)  runs/\(run.directory)/evaluation.h5")
    }
    lines += source.contributions.map { "    \(NumberFormat.fixed(4).text($0.value))  \($0.name)" }
    return lines.joined(separator: "\n")
  }
}
