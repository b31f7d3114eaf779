extension Table {
  /// The paper's Table 2: what each part is worth, as a difference from the baseline on the same cases.
  static func ablation(_ context: TableContext) -> Table {
    let comparisons = context.input.baseline.map { Comparisons(with: $0, context) }
    return Table(
      .ablation, caption: caption(context), notes: context.unfinished + context.gridNotes + (comparisons?.notes ?? []),
      rowTitle: "Method",
      columns: componentColumns(context.input) + FieldColumns.columns(context.input) + scoreColumns(context)
        + (comparisons?.columns ?? []),
      rows: context.methods(quoting: context.options.paper.contains(.table2) ? PaperFigures.ablation : []),
      marksSecond: context.options.marksSecond)
  }

  /// One for each part that some method has or lacks.
  private static func componentColumns(_ input: ReportInput) -> [Column<ReportInput.Variant>] {
    let names = input.variants.flatMap(\.components).map(\.name).reduce(into: [String]()) { names, name in
      if !names.contains(name) { names.append(name) }
    }
    return names.map { name in
      Column(name) { variant in
        variant.components.first { $0.name == name }.map { Cell(.tick($0.isPresent)) } ?? Cell(.missing)
      }
    }
  }

  private static func scoreColumns(_ context: TableContext) -> [Column<ReportInput.Variant>] {
    [.mean(of: .dice, context, quoted: { $0.cell(0) })] + networkGridColumn(context) + [
      Column("Cases", .fixed(0)) { variant in
        Double(variant.cases(.dice).count { $0.mean(over: context.allStructures) != nil })
      }
    ]
  }

  private static func networkGridColumn(_ context: TableContext) -> [Column<ReportInput.Variant>] {
    guard context.input.grid == .image else { return [] }
    let metric = Metric.networkGridDice
    return [
      Column(metric.heading) { context.cell($0, metric, structures: context.allStructures, .fixed(2)) }
    ]
  }

  private static func caption(_ context: TableContext) -> String {
    var text =
      "Mean Dice similarity (%), \(context.input.grid.words): \(context.pooledStatistic); n = \(context.pooledCounts) test cases"
      + " of \(context.input.folds.count) folds. Tested checkpoint: \(context.input.provenance.checkpoint)."
    if let baseline = context.input.baseline {
      text +=
        " Difference: mean over test cases of the case's mean Dice minus that of \(baseline), in percentage"
        + " points, with the BCa interval of \(Resamples.usual) bootstrap resamples of the pairs"
        + " (seed \(context.options.seed)); p: two-sided Wilcoxon signed-rank test on the same pairs, Holm-corrected"
        + " over this table; effect size: matched-pairs rank-biserial correlation."
    }
    return text
  }
}
