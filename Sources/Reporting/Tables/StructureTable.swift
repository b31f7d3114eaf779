extension Table {
  /// Structures by methods, mean Dice in percent, with the groups and all structures below.
  static func structures(_ context: TableContext) -> Table {
    let input = context.input
    var table = Table(
      kind: .structures, caption: caption(context), notes: context.unfinished + absent(context),
      rowTitle: "Structure", columns: input.rows.map(\.name) + ["n"], rows: [])
    for (index, name) in input.structures.enumerated() {
      table.rows.append(row(name, [index], context))
    }
    let all = ReportInput.Group(name: "all", structures: context.allStructures)
    for (number, group) in (input.groups + [all]).enumerated() {
      var row = self.row("\(group.name) (\(group.structures.count))", group.structures, context)
      row.startsSection = number == 0
      table.rows.append(row)
    }
    for index in table.rows.indices {
      table.rankRow(
        index, columns: 0..<input.rows.count, lowerIsBetter: false, second: context.options.marksSecond)
    }
    return table
  }

  private static func row(_ label: String, _ structures: [Int], _ context: TableContext) -> Row {
    let cells = context.input.rows.map { context.cell($0, .dice, structures: structures, .fixed(2)) }
    let counts = context.input.rows.filter { !$0.finished.isEmpty }.map { variant in
      variant.cases(.dice).filter { $0.mean(over: structures) != nil }.count
    }
    return Row(label: label, cells: cells + [Cell(.text(range(of: counts)))])
  }

  private static func caption(_ context: TableContext) -> String {
    "Dice similarity (%) per structure: \(statistic(context)). n: test cases in which the row counts"
      + " (a structure absent in truth and prediction does not; one invented counts as 0)."
      + " Rows of several structures: \(context.pooledStatistic)."
  }

  private static func statistic(_ context: TableContext) -> String {
    context.options.deviation == .cases
      ? context.options.averaging == .caseFirst
        ? "mean ± standard deviation (n − 1) over test cases" : "mean over test cases"
      : "mean ± standard deviation (n − 1) of the fold means"
  }

  private static func absent(_ context: TableContext) -> [String] {
    let cases = context.input.variants.flatMap { $0.cases(.dice) }
    guard !cases.isEmpty else { return [] }
    let names = context.input.structures.indices.filter { index in cases.allSatisfy { $0.values[index] == nil } }
      .map { context.input.structures[$0] }
    return names.isEmpty ? [] : ["In no test case, neither in truth nor predicted: \(names.joined(separator: ", "))."]
  }
}
