import Text

/// RFC 4180, with every number in full: reading it back gives the same bits.
///
/// A column becomes several where its cells hold more than one number: `Mean`, `Mean deviation`, `Mean n`,
/// `Mean folds` (finished and planned, where they differ), `Mean undecided` (1: a test cannot tell it from the best). Missing
/// is empty; a tick is 1 or 0. No name is a formula to a spreadsheet (`CSV.name`); numbers are numbers.
package enum CommaSeparated {
  package static func text(_ table: Table) -> String {
    let numeric = table.columns.indices.map { index in table.rows.contains { $0.cells[index].isNumeric } }
    let parts = table.columns.indices.map { index in Part.needed(by: table.rows.map { $0.cells[index] }) }
    let head = zip(table.columns, parts).flatMap { name, parts in parts.map { CSV.name(name + $0.suffix) } }
    let rows = table.rows.map { row in
      [CSV.name(row.label)]
        + row.cells.indices.flatMap { index -> [String] in
          // A word ("baseline") in a column of numbers is for people only.
          let cell = numeric[index] && !row.cells[index].isNumeric ? Cell(.missing) : row.cells[index]
          return parts[index].map { $0.text(of: cell) }
        }
    }
    return ([[CSV.name(table.heads[0].title)] + head] + rows).map(line).joined()
  }

  private static func line(_ fields: [String]) -> String { fields.map(CSV.escaped).joined(separator: ",") + "\n" }

  /// What one CSV column holds of a table's column.
  private enum Part: CaseIterable {
    case value, lower, upper, deviation, count, coverage, undecided

    var suffix: String {
      switch self {
      case .value: ""
      case .lower: " lower"
      case .upper: " upper"
      case .deviation: " deviation"
      case .count: " n"
      case .coverage: " folds"
      case .undecided: " undecided"
      }
    }

    static func needed(by cells: [Cell]) -> [Part] {
      let needed = allCases.filter { part in cells.contains { !part.text(of: $0).isEmpty } }
      return needed.isEmpty ? [.value] : needed
    }

    func text(of cell: Cell) -> String {
      if self == .undecided { return cell.isUndecided ? "1" : "" }
      if self == .count { return cell.source.map { "\($0.count)" } ?? "" }
      return switch cell.content {
      case .number(let number): text(of: number)
      case .interval(let lower, let upper, _): self == .lower ? "\(lower)" : self == .upper ? "\(upper)" : ""
      case .text(let text): self == .value ? CSV.name(text) : ""
      case .tick(let isSet): self == .value ? (isSet ? "1" : "0") : ""
      case .missing: ""
      }
    }

    /// "3/5 folds" without its unit, which the heading has; what is counted in cases keeps it.
    private static func coverage(_ words: String) -> String {
      words.hasSuffix(" cases") ? words : words.split(separator: " ").first.map(String.init) ?? ""
    }

    private func text(of number: Number) -> String {
      switch self {
      case .value: number.format == .fixed(0) ? number.format.text(number.value) : "\(number.value)"
      case .deviation: number.deviation.map { "\($0)" } ?? ""
      case .coverage: number.coverage.map(Self.coverage) ?? ""
      case .lower, .upper, .count, .undecided: ""
      }
    }
  }
}

extension Cell {
  fileprivate var isNumeric: Bool {
    switch content {
    case .number, .interval: true
    case .tick, .text, .missing: false
    }
  }
}
