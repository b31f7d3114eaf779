extension Table {
  /// The paper's Table 2: what each part is worth, as a difference from the baseline on the same cases.
  static func ablation(_ context: TableContext) -> Table {
    let components = componentNames(context.input)
    let comparisons = self.comparisons(context)
    var table = Table(
      kind: .ablation, caption: caption(context), notes: context.unfinished, rowTitle: "Method",
      columns: components + ["Dice (%)", "Cases"], rows: [])
    if !comparisons.isEmpty {
      table.columns += ["Difference", "95 % interval", "p (Holm)", "Effect size"]
    }
    for variant in context.input.rows {
      let cells = tickCells(variant, components) + scoreCells(variant, context) + (comparisons[variant.name] ?? [])
      table.rows.append(Row(label: variant.name, cells: cells))
      if context.options.paper.contains(.table2),
        let quoted = PaperFigures.row(of: variant.name, in: PaperFigures.ablation)
      {
        table.rows.append(.quoting(mean: quoted, in: components.count, of: table.columns.count))
      }
    }
    table.rankColumn(components.count, lowerIsBetter: false, second: context.options.marksSecond)
    table.notes += comparisonNotes(context)
    table.quoteFootnote()
    return table
  }

  private static func componentNames(_ input: ReportInput) -> [String] {
    input.variants.flatMap(\.components).map(\.name).reduce(into: []) { names, name in
      if !names.contains(name) { names.append(name) }
    }
  }

  private static func tickCells(_ variant: ReportInput.Variant, _ names: [String]) -> [Cell] {
    names.map { name in
      variant.components.first { $0.name == name }.map { Cell(.tick($0.isPresent)) } ?? Cell(.missing)
    }
  }

  private static func scoreCells(_ variant: ReportInput.Variant, _ context: TableContext) -> [Cell] {
    let score = context.cell(variant, .dice, structures: context.allStructures, .fixed(2))
    let count = variant.cases(.dice).filter { $0.mean(over: context.allStructures) != nil }.count
    return [score, Cell(.number(Number(Double(count), .fixed(0))))]
  }

  private static func caption(_ context: TableContext) -> String {
    var text =
      "Mean Dice similarity (%): \(context.pooledStatistic); n = \(context.pooledCounts) test cases"
      + " of \(context.input.folds.count) folds. Tested checkpoint: \(context.input.provenance.checkpoint)."
    if let baseline = context.input.baseline {
      text +=
        " Difference: mean over test cases of the case's mean Dice minus that of \(baseline), in percentage"
        + " points, with the percentile interval of \(BootstrapInterval.resamples) bootstrap resamples of the pairs"
        + " (seed \(context.options.seed)); p: two-sided Wilcoxon signed-rank test on the same pairs, Holm-corrected"
        + " over this table; effect size: matched-pairs rank-biserial correlation."
    }
    return text
  }
}
