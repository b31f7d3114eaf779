import Experiments

/// A table before it has become Markdown, CSV, LaTeX or HTML.
package struct Table: Equatable, Sendable {
  /// Its raw value names the files.
  package var kind: ReportPlan.Table
  package var caption: String
  /// Sentences below the table.
  package var notes: [String]
  /// The heads of all columns; the first one holds the rows' labels and leads each row.
  package internal(set) var heads: [Head]
  package internal(set) var rows: [Row]

  package struct Head: Equatable, Sendable {
    package var title: String
    package var alignment: Alignment

    init(_ title: String, _ alignment: Alignment) { (self.title, self.alignment) = (title, alignment) }
  }

  package struct Row: Equatable, Sendable {
    package var label: String
    package var cells: [Cell]
    /// Figures that others published: set apart, never ranked.
    package var isQuoted = false
    /// A rule stands above this row.
    package var startsSection = false
  }

  /// The heads above the cells.
  package var columns: [String] { heads.dropFirst().map(\.title) }

  package func cell(row: String, column: String) -> Cell? {
    guard let index = columns.firstIndex(of: column) else { return nil }
    return rows.first { $0.label == row }?.cells[index]
  }

  /// What the table is called in every format. The numbers are names, wherever a table stands: 1 and 2 are the paper's.
  package var heading: String {
    switch kind {
    case .folds: "Table 1 · Methods and folds"
    case .ablation: "Table 2 · Ablation"
    case .structures: "Table 3 · Structures"
    case .surfaces: "Table 4 · Surface distances"
    case .cost: "Table 5 · Cost"
    case .levels: "Table 6 · Levels and objects"
    case .uncertainty: "Table 7 · Uncertainty"
    case .overlap: "Table 8 · Overlap"
    case .failures: "Table 9 · Worst cases"
    case .partition: "Table 10 · Partition"
    case .test: "Table 11 · External test set"
    case .subgroups: "Table 12 · Subgroups"
    }
  }
}

/// One cell: what is shown, and where it came from.
package struct Cell: Equatable, Sendable {
  package enum Content: Equatable, Sendable {
    case number(Number)
    /// Lower and upper end.
    case interval(Double, Double, NumberFormat)
    case tick(Bool)
    case text(String)
    /// Nothing to show: not finished, not defined, not comparable.
    case missing
  }

  package enum Rank: String, Sendable { case best, second }

  package var content: Content
  package var rank: Rank?
  /// Worse than the best of its column or row, and a test of the methods cannot tell it from that one.
  package var isUndecided = false
  package var source: Source?

  package init(_ content: Content, source: Source? = nil) { (self.content, self.source) = (content, source) }
}

package struct Number: Equatable, Sendable {
  package var value: Double
  package var deviation: Double?
  package var format: NumberFormat
  /// "3/5 folds" where a mean does not cover what was planned.
  package var coverage: String?

  package init(_ value: Double, deviation: Double? = nil, _ format: NumberFormat, coverage: String? = nil) {
    precondition(value.isFinite && (deviation ?? 0).isFinite, "a table holds finite numbers, not \(value)")
    (self.value, self.deviation, self.format, self.coverage) = (value, deviation, format, coverage)
  }
}

/// Where a number came from.
package struct Source: Equatable, Sendable {
  /// In words: "mean ± standard deviation (n − 1) over test cases".
  package var statistic: String
  /// How many numbers it was computed from.
  package var count: Int
  /// Identities of the runs behind it.
  package var runs: [String]
  package var contributions: [Average.Contribution]

  package init(_ statistic: String, count: Int, runs: [String], contributions: [Average.Contribution] = []) {
    (self.statistic, self.count, self.runs, self.contributions) = (statistic, count, runs, contributions)
  }
}
