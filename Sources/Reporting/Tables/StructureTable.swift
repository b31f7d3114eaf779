extension Table {
  /// Structures by methods, mean Dice in percent, with the groups and all structures below.
  static func structures(_ context: TableContext) -> Table {
    let input = context.input
    let single = input.structures.enumerated().map { RowItem.own([$0], label: $1) }
    let all = ReportInput.Group(name: "all", structures: context.allStructures)
    let groups = (input.groups + [all]).enumerated().map { number, group in
      RowItem.own(
        group.structures, label: "\(group.name) (\(group.structures.count))", startsSection: number == 0)
    }
    return Table(
      .structures, caption: caption(context), notes: context.unfinished + absent(context) + context.untested,
      rowTitle: "Structure",
      columns: structureColumns(context), rows: single + groups, marksSecond: context.options.marksSecond)
  }

  /// Methods are columns here; a row's structures are averaged together.
  private static func structureColumns(_ context: TableContext) -> [Column<[Int]>] {
    let methods = context.input.rows.map { variant in
      var column = Column<[Int]>(variant.name, ranking: Ranking(Metric.dice.better, among: .row)) {
        context.cell(variant, .dice, structures: $0, .fixed(2))
      }
      if context.hasSeveralSeeds { column.evidence = { context.scores(variant, .dice, structures: $0) } }
      return column
    }
    let count = Column<[Int]>("n") { structures in
      let counts = context.input.rows.filter { !$0.finished.isEmpty }.map { variant in
        context.scored(variant, .dice).cases.count { $0.mean(over: structures) != nil }
      }
      return Cell(.text(range(of: counts)))
    }
    return methods + [count]
  }

  private static func caption(_ context: TableContext) -> String {
    "Dice similarity (%) per structure: \(statistic(context)). n: test cases in which the row counts"
      + " (a structure absent in truth and prediction does not; one invented counts as 0)."
      + " Rows of several structures: \(context.pooledStatistic).\(context.markWords)"
  }

  private static func statistic(_ context: TableContext) -> String {
    context.options.deviation == .cases
      ? context.options.averaging == .caseFirst
        ? "mean ± standard deviation (n − 1) over test cases" : "mean over test cases"
      : "mean ± standard deviation (n − 1) of the fold means"
  }

  private static func absent(_ context: TableContext) -> [String] {
    let cases = context.input.variants.flatMap { context.scored($0, .dice).cases }
    guard !cases.isEmpty else { return [] }
    let names = context.input.structures.indices.filter { index in cases.allSatisfy { $0.values[index] == nil } }
      .map { context.input.structures[$0] }
    return names.isEmpty ? [] : ["In no test case, neither in truth nor predicted: \(names.joined(separator: ", "))."]
  }
}
