import Metrics

/// A mean of one method, or the difference of a method from the baseline.
private struct UncertainRow {
  let label: String
  let sample: ClusteredSample
  /// By seed, of a method.
  let seedMeans: [Double]
  /// Over cases and seeds.
  let estimate: CrossedEstimate?
  let comparison: PairedComparison?
  let runs: [String]

  var format: NumberFormat { comparison == nil ? .fixed(2) : .signed(2) }

  func cell(_ content: Cell.Content?, _ statistic: String) -> Cell {
    content.map { Cell($0, source: Source(statistic, count: sample.values.count, runs: runs)) } ?? Cell(.missing)
  }

  func number(_ value: Double?, _ format: NumberFormat, _ statistic: String) -> Cell {
    cell(value.map { .number(Number($0, format)) }, statistic)
  }

  func interval(_ interval: Interval?, _ statistic: String) -> Cell {
    cell(interval.map { .interval($0.lower, $0.upper, format) }, statistic)
  }
}

extension Table {
  /// How sure each mean is, and each difference from the baseline: of these trained networks, and of the methods.
  static func uncertainty(_ context: TableContext) -> Table {
    let comparisons = Comparisons(context)
    let means = context.input.rows.map { meanRow($0, context) }
    let differences = (comparisons?.pairs ?? []).compactMap { differenceRow($0, comparisons?.baseline ?? "") }
    let columns =
      spreadColumns(context) + intervalColumns(resamples(means + differences, context), context)
      + testColumns(comparisons, context)
    return Table(
      .uncertainty, caption: caption(context),
      notes: context.unfinished + (comparisons?.notes ?? []) + testNotes(comparisons) + context.untested
        + (comparisons?.power ?? []),
      rowTitle: "Mean or difference", columns: columns,
      rows: means.map { .own($0, label: $0.label) }
        + differences.enumerated().map { .own($1, label: $1.label, startsSection: $0 == 0) },
      marksSecond: false)
  }

  private static func meanRow(_ variant: ReportInput.Variant, _ context: TableContext) -> UncertainRow {
    let scores = context.scores(variant, .dice, structures: context.allStructures)
    return UncertainRow(
      label: variant.name, sample: scores.sample, seedMeans: scores.seedMeans, estimate: scores.estimate,
      comparison: nil, runs: variant.finished.map(\.identity))
  }

  private static func differenceRow(_ comparison: PairedComparison, _ baseline: String) -> UncertainRow? {
    comparison.pair.map { pair in
      UncertainRow(
        label: "\(comparison.variant.name) − \(baseline)", sample: pair.sample, seedMeans: [], estimate: pair.estimate,
        comparison: comparison, runs: comparison.runs)
    }
  }

  /// Drawn once for everything that has as many patients.
  private static func resamples(_ rows: [UncertainRow], _ context: TableContext) -> [Int: Resamples] {
    let patients = Set(rows.map(\.sample.counts.count))
    return Dictionary(uniqueKeysWithValues: patients.map { ($0, Resamples(of: $0, seed: context.options.seed)) })
  }
}

// MARK: Columns

extension Table {
  private static func spreadColumns(_ context: TableContext) -> [Column<UncertainRow>] {
    let value = Column<UncertainRow>("Dice (%)") { row in
      row.number(row.sample.mean, row.format, row.comparison == nil ? "mean over cases" : "mean of paired differences")
    }
    let cases = Column<UncertainRow>("SD over cases") { row in
      row.number(Sample(row.sample.values).deviation, .fixed(2), "standard deviation (n − 1) over cases")
    }
    let seeds = Column<UncertainRow>("SD over seeds") { row in
      if row.comparison != nil { return Cell(.text("")) }
      guard let deviation = Sample(row.seedMeans).deviation else { return Cell(.missing) }
      let source = Source(
        "standard deviation (n − 1) over seeds of the mean over all cases", count: row.seedMeans.count, runs: row.runs)
      return Cell(.number(Number(deviation, .fixed(2))), source: source)
    }
    return [value, cases] + (context.hasSeveralSeeds ? [seeds] : [])
  }

  private static func intervalColumns(
    _ resamples: [Int: Resamples], _ context: TableContext
  ) -> [Column<UncertainRow>] {
    let student = Column<UncertainRow>("t, cases") { row in
      row.interval(row.sample.studentInterval, "Student's t interval over cases")
    }
    let bootstrap = Column<UncertainRow>("BCa, cases") { row in
      row.interval(
        resamples[row.sample.counts.count].flatMap(row.sample.accelerated), "BCa bootstrap interval over cases")
    }
    let methods = Column<UncertainRow>("Cases and seeds") { row in
      row.interval(row.estimate?.interval, "interval over cases and seeds")
    }
    return [student, bootstrap] + (context.hasSeveralSeeds ? [methods] : [])
  }

  private static func testColumns(_ comparisons: Comparisons?, _ context: TableContext) -> [Column<UncertainRow>] {
    guard let comparisons else { return [] }
    func column(_ heading: String, _ cell: @escaping (UncertainRow, PairedComparison) -> Cell) -> Column<UncertainRow> {
      Column(heading) { row in row.comparison.map { cell(row, $0) } ?? Cell(.text("")) }
    }
    let order = column("P(order is wrong)") { row, _ in
      row.number(row.sample.wrongSignProbability, .pValue, "one-sided, t over paired cases")
    }
    let networks = column("p cases (Holm)") { row, pair in
      row.number(
        comparisons.networks[pair.variant.name], .pValue,
        "Wilcoxon signed-rank, two-sided, \(pair.test?.method.rawValue ?? ""), Holm-corrected")
    }
    let effect = column("Effect size") { row, pair in
      row.number(pair.test?.rankBiserial, .signed(2), "matched-pairs rank-biserial correlation")
    }
    let methods = column("p methods (Holm)") { row, pair in
      row.number(
        comparisons.methods[pair.variant.name], .pValue, "test over cases and seeds, two-sided, Holm-corrected")
    }
    let detectable = column("Detectable") { row, _ in
      row.number(row.estimate?.detectable, .fixed(2), "difference found with 80 % power at two-sided 5 %")
    }
    return [order, networks, effect] + (context.hasSeveralSeeds ? [methods, detectable] : [])
  }
}

// MARK: Words

extension Table {
  private static func caption(_ context: TableContext) -> String {
    let grouped = context.input.patients.isEmpty ? "" : ", patients with several cases as a whole"
    var text =
      "Mean Dice (%) over \(context.pooledCases), \(context.input.grid.words), and paired differences from the"
      + " baseline, in percentage points. Of these trained networks: 95 % intervals over cases by Student's t and by"
      + " bootstrap (BCa, \(Resamples.usual) resamples, seed \(context.options.seed)\(grouped)); p cases: two-sided"
      + " Wilcoxon signed-rank test; effect size: matched-pairs rank-biserial correlation; P(order is wrong): that the"
      + " lower mean is truly the higher one, by t over paired cases."
    if context.hasSeveralSeeds {
      text +=
        " Of the methods, trained anew: interval over cases and seeds, and p methods, for which a difference must stand"
        + " out from how cases and seeds vary (Clark's minF') and from how seeds vary (Welch), Holm-corrected over all pairs"
        + " of methods. Detectable: the difference found with 80 % power, roughly where seeds are few. Folds share training data:"
        + " other folds could vary more."
    } else {
      text +=
        " None of that tells methods apart: the same method trained with another seed differs too. Write \"seeds\": [2023,"
        + " 2024, 2025] into the experiment's file and run it again."
    }
    return text + context.fewCases
  }

  /// How p values over cases came about, and what so few pairs can show at all.
  private static func testNotes(_ comparisons: Comparisons?) -> [String] {
    let tests = (comparisons?.pairs ?? []).compactMap(\.test)
    guard !tests.isEmpty else { return [] }
    let exact = tests.allSatisfy { $0.method == .exact }
    let limit = SignedRankTest.exactLimit
    var notes = [
      exact
        ? "p values over cases are exact." : "p values over cases use the normal approximation above \(limit) pairs."
    ]
    if let fewest = tests.map(\.used).min(), fewest < 6 {
      let least = NumberFormat.fixed(4).text(min(1, 2 / Double(1 << fewest)))
      notes.append("\(fewest) pairs that differ cannot give p below \(least).")
    }
    return notes
  }
}
