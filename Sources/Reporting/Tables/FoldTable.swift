extension Table {
  /// The paper's Table 1: methods by folds, mean Dice in percent.
  static func folds(_ context: TableContext) -> Table {
    Table(
      .folds, caption: caption(context),
      notes: context.unfinished + context.uncounted + context.gridNotes + context.untested,
      rowTitle: "Method",
      columns: foldColumns(context),
      rows: context.methods(quoting: context.options.paper.contains(.table1) ? PaperFigures.folds : []),
      marksSecond: context.options.marksSecond)
  }

  private static func foldColumns(_ context: TableContext) -> [Column<ReportInput.Variant>] {
    let folds = context.input.folds
    let each = folds.enumerated().map { index, fold in
      Column<ReportInput.Variant>(
        "Fold \(fold)", ranking: Ranking(Metric.dice.better),
        // Without five folds of our own, there is nothing that the paper's folds could stand under.
        quoted: { $0.values.count == folds.count ? $0.cell(index) : Cell(.text("")) },
        cell: { context.cell($0, fold: fold, .dice, .fixed(2)) })
    }
    var mean = Column<ReportInput.Variant>(
      "Mean", ranking: Ranking(Metric.dice.better), quoted: \.meanCell,
      cell: { context.foldMeanCell($0, .dice, structures: context.allStructures, .fixed(2)) })
    mean.evidence = context.evidence(.dice)
    let means = each + [mean] + context.seedDeviation
    guard context.input.grid == .image else { return means }
    let networkGrid = Column<ReportInput.Variant>(Metric.networkGridDice.heading) {
      context.foldMeanCell($0, .networkGridDice, structures: context.allStructures, .fixed(2))
    }
    return means + [networkGrid]
  }

  private static func caption(_ context: TableContext) -> String {
    let deviation = context.options.deviation == .cases ? "mean ± standard deviation (n − 1)" : "mean"
    return
      "Mean Dice similarity (%) per fold, \(context.input.grid.words): \(deviation) over the fold's \(context.options.unit). "
      + "n = \(context.caseCounts) test \(context.caseCounts == "1" ? "case" : "cases"). "
      + "Mean: mean ± standard deviation (n − 1) of the fold means, n = \(context.foldCount), which share"
      + " training cases and are not independent. Tested checkpoint: \(context.input.provenance.checkpoint)."
      + context.markWords + (context.hasSeveralSeeds ? " The test is made for the last mean only." : "")
  }
}
