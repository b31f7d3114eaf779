import Metrics
import Text

extension ReportInput {
  /// Cases that share a value of a column of the dataset's tables.
  package struct Subgroup: Equatable, Sendable {
    /// As it was asked for.
    package var column: String
    /// The value, or a range of numbers; nil: the cases of which the column says nothing.
    package var value: String?
    package var cases: Set<String>

    package init(column: String, value: String?, cases: Set<String>) {
      (self.column, self.value, self.cases) = (column, value, cases)
    }

    package var label: String { "\(column): \(value ?? "not told")" }

    /// A column of numbers with more values than this is cut in two at its median.
    static let mostValues = 5

    /// The subgroups of a column: one for each value, in natural order, and last the cases without one.
    ///
    /// Numbers of many values are halved: the lower half has those up to the median.
    ///
    /// - Parameter values: of each case; nil: the column says nothing of it.
    package static func all(of column: String, values: [(name: String, value: String?)]) -> [Subgroup] {
      let told = values.compactMap { one in one.value.map { (one.name, $0) } }
      let missing = Set(values.filter { $0.value == nil }.map(\.name))
      let numbers = told.compactMap { one in Double(one.1).flatMap { $0.isFinite ? (one.0, $0) : nil } }
      let distinct = Set(told.map(\.1))
      var groups: [Subgroup]
      if distinct.count > mostValues, numbers.count == told.count {
        groups = halves(of: column, numbers)
      } else {
        groups = distinct.sorted(by: naturally).map { value in
          Subgroup(column: column, value: value, cases: Set(told.filter { $0.1 == value }.map(\.0)))
        }
      }
      return groups + (missing.isEmpty ? [] : [Subgroup(column: column, value: nil, cases: missing)])
    }

    private static func halves(of column: String, _ numbers: [(String, Double)]) -> [Subgroup] {
      let sorted = numbers.map(\.1).sorted()
      let median = percentile(50, ofSorted: sorted)
      let shown = "\(median)"
      return [
        Subgroup(column: column, value: "≤ \(shown)", cases: Set(numbers.filter { $0.1 <= median }.map(\.0))),
        Subgroup(column: column, value: "> \(shown)", cases: Set(numbers.filter { $0.1 > median }.map(\.0))),
      ].filter { !$0.cases.isEmpty }
    }

    /// Numbers by size, words by letters.
    private static func naturally(_ a: String, _ b: String) -> Bool {
      if let x = Double(a), let y = Double(b), x != y { return x < y }
      return a < b
    }
  }
}

extension Table {
  /// The test cases of each method apart by what is known of them. Shown, not tested.
  static func subgroups(_ context: TableContext) -> Table {
    let input = context.input
    let groups = input.subgroups
    return Table(
      .subgroups,
      caption: "Subgroups: mean Dice (%) ± standard deviation (n − 1) over the test cases that share a value,"
        + " \(input.grid.words), with the 95 % t interval of the mean over cases (patients with several cases as a whole)."
        + " n: test cases in which some structure counts. Columns of numbers with more than"
        + " \(ReportInput.Subgroup.mostValues) values are cut at their median. Nothing here is tested or ranked: subgroups"
        + " differ in more than what names them, one of several differs by chance, and intervals hold for each alone.",
      notes: context.unfinished + notes(groups), rowTitle: "Subgroup", columns: subgroupColumns(context),
      rows: groups.indices.map { index in
        .own(
          groups[index], label: groups[index].label,
          startsSection: index > 0 && groups[index].column != groups[index - 1].column)
      }, marksSecond: false)
  }

  private static func subgroupColumns(_ context: TableContext) -> [Column<ReportInput.Subgroup>] {
    let count = Column<ReportInput.Subgroup>("n") { group in
      let counts = context.input.rows.filter { !$0.finished.isEmpty }.map {
        SubgroupScores($0, group, context).sample.values.count
      }
      return Cell(.text(range(of: counts)))
    }
    return [count]
      + context.input.rows.flatMap { row -> [Column<ReportInput.Subgroup>] in
        [
          Column(row.name) { SubgroupScores(row, $0, context).mean },
          Column("\(row.name), 95 %") { SubgroupScores(row, $0, context).interval },
        ]
      }
  }

  private static func notes(_ groups: [ReportInput.Subgroup]) -> [String] {
    if groups.isEmpty {
      return [
        "No subgroups are known: name columns in report.subgroups, and let the dataset be where the experiment says."
      ]
    }
    let few = groups.filter { $0.cases.count < 5 }.map(\.label)
    return few.isEmpty ? [] : ["Fewer than 5 cases, of which a mean says little: \(few.joined(separator: ", "))."]
  }
}

/// What a method scored on the test cases of a subgroup.
private struct SubgroupScores {
  let sample: ClusteredSample
  private let contributions: [Average.Contribution]
  private let runs: [String]

  init(_ row: ReportInput.Variant, _ group: ReportInput.Subgroup, _ context: TableContext) {
    let scored = context.scored(row, .dice)
    let own = zip(scored.cases, scored.keys).compactMap { one, key -> (ScoredVariant.Case, Double)? in
      guard group.cases.contains(one.name) else { return nil }
      return one.mean(over: context.allStructures).map { (key, $0) }
    }
    contributions = own.map { Average.Contribution(name: $0.0.name, value: $0.1) }
    sample = ClusteredSample(own.map(\.1), groups: own.map(\.0.patient))
    runs = row.finished.map(\.identity)
  }

  var mean: Cell {
    let plain = Sample(sample.values)
    guard let mean = plain.mean else { return Cell(.missing) }
    let source = Source(
      "mean ± standard deviation (n − 1) over the test cases of the subgroup", count: plain.count, runs: runs,
      contributions: contributions)
    return Cell(.number(Number(mean, deviation: plain.deviation, .fixed(2))), source: source)
  }

  var interval: Cell {
    let source = Source("t interval over cases", count: sample.values.count, runs: runs)
    return sample.studentInterval.map { Cell($0, .fixed(2), source: source) } ?? Cell(.missing)
  }
}
