extension Table {
  /// The paper's Table 1: methods by folds, mean Dice in percent.
  static func folds(_ context: TableContext) -> Table {
    let input = context.input
    var table = Table(
      kind: .folds, caption: caption(context), notes: context.unfinished + context.uncounted,
      rowTitle: "Method", columns: input.folds.map { "Fold \($0)" } + ["Mean"], rows: [])
    for variant in input.rows {
      let cells = input.folds.map { context.cell(variant, fold: $0, .dice, .fixed(2)) }
      let mean = context.foldMeanCell(variant, .dice, structures: context.allStructures, .fixed(2))
      table.rows.append(Row(label: variant.name, cells: cells + [mean]))
      if context.options.paper.contains(.table1),
        let quoted = PaperFigures.row(of: variant.name, in: PaperFigures.folds)
      {
        table.rows.append(.quoting(folds: quoted, planned: input.folds.count))
      }
    }
    for column in table.columns.indices {
      table.rankColumn(column, lowerIsBetter: false, second: context.options.marksSecond)
    }
    table.quoteFootnote()
    return table
  }

  private static func caption(_ context: TableContext) -> String {
    let deviation = context.options.deviation == .cases ? "mean ± standard deviation (n − 1)" : "mean"
    return "Mean Dice similarity (%) per fold: \(deviation) over the fold's \(context.options.unit). "
      + "n = \(context.caseCounts) test cases. "
      + "Last column: mean ± standard deviation (n − 1) of the fold means, n = \(context.input.folds.count) folds. "
      + "Tested checkpoint: \(context.input.provenance.checkpoint)."
  }
}
