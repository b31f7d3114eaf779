import Volumes

extension Table {
  /// The paper's Table 2: what each part is worth, as a difference from the baseline on the same cases.
  static func ablation(_ context: TableContext) -> Table {
    let comparisons = Comparisons(context)
    return Table(
      .ablation, caption: caption(context),
      notes: context.unfinished + context.gridNotes + (comparisons?.notes ?? []) + context.untested
        + (comparisons?.power ?? []),
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
    [.mean(of: .dice, context, quoted: { $0.cell(0) })] + context.seedDeviation + [intervalColumn(context)]
      + networkGridColumn(context) + [
        Column("Cases", .fixed(0)) { variant in
          Double(context.scored(variant, .dice).cases.count { $0.mean(over: context.allStructures) != nil })
        }
      ]
  }

  /// Of the mean: over cases and seeds; with one seed over cases.
  private static func intervalColumn(_ context: TableContext) -> Column<ReportInput.Variant> {
    Column("95 % of mean") { variant in
      let scores = context.scores(variant, .dice, structures: context.allStructures)
      let interval = context.hasSeveralSeeds ? scores.estimate?.interval : scores.sample.studentInterval
      guard let interval else { return Cell(.missing) }
      let what = context.hasSeveralSeeds ? "interval over cases and seeds" : "t interval over cases"
      let source = Source(what, count: scores.sample.values.count, runs: variant.finished.map(\.identity))
      return Cell(interval, .fixed(2), source: source)
    }
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
      "Mean Dice similarity (%), \(context.input.grid.words): \(context.pooledStatistic); n = \(context.pooledCases)"
      + " of \(context.foldCount). Tested checkpoint: \(context.input.provenance.checkpoint)."
    let isChallenge = context.input.structures == LabelMap.mrSpineSeg.names
    if isChallenge && context.input.grid == .image && context.options.averaging == .caseFirst {
      text += " That mean is the official score of the MRSpineSeg challenge."
    }
    text +=
      context.hasSeveralSeeds
      ? " Intervals (95 %) and p are of the methods: cases and seeds both vary."
      : " Intervals (95 %, Student's t over cases) are of these trained networks."
    if let baseline = context.input.baseline {
      text +=
        " Difference: mean over test cases of the case's mean Dice minus that of \(baseline), in percentage points"
        + (context.hasSeveralSeeds ? "; p: two-sided, Holm-corrected over all pairs of methods." : ".")
    }
    return text + context.fewCases + context.markWords
  }
}
