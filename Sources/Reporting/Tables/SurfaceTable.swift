import Metrics

extension Table {
  /// Distances in mm, with what they leave out: a structure that was not found has none.
  static func surfaces(_ context: TableContext) -> Table {
    Table(
      .surfaces, caption: caption(context), notes: context.unfinished + context.untested, rowTitle: "Method",
      columns: scoreColumns(context) + countColumns, rows: context.methods(), marksSecond: context.options.marksSecond)
  }

  private static func scoreColumns(_ context: TableContext) -> [Column<ReportInput.Variant>] {
    let tolerances = context.tolerances
    let distances = Metric.distances + (tolerances == nil ? [] : Metric.weightedDistances)
    let shares = (tolerances ?? []).enumerated().map { Metric.normalizedDice($0, tolerance: $1) }
    return distances.map { .distance($0, context) } + shares.map { .mean(of: $0, context) }
  }

  private static var countColumns: [Column<ReportInput.Variant>] {
    [
      count("Structures", "structures in the truth, over all test cases") { $0.truthVoxels[$1] > 0 },
      count("Missed", "structures of which nothing was found") {
        $0.truthVoxels[$1] > 0 && $0.predictedVoxels[$1] == 0
      },
      count("Invented", "structures predicted where there are none") {
        $0.truthVoxels[$1] == 0 && $0.predictedVoxels[$1] > 0
      },
    ]
  }

  /// How many structures of all test cases `holds` is true of.
  private static func count(
    _ heading: String, _ what: String, where holds: @escaping (CaseEvaluation, Int) -> Bool
  ) -> Column<ReportInput.Variant> {
    Column(heading) { variant in
      let evaluations = variant.finished.flatMap { $0.evaluations ?? [] }
      guard !evaluations.isEmpty else { return Cell(.missing) }
      let total = evaluations.reduce(0) { sum, evaluation in
        sum + evaluation.truthVoxels.indices.count { holds(evaluation, $0) }
      }
      let source = Source(what, count: evaluations.count, runs: variant.finished.map(\.identity))
      return Cell(.number(Number(Double(total), .fixed(0))), source: source)
    }
  }

  private static func caption(_ context: TableContext) -> String {
    var text =
      "Surface distances, \(context.input.grid.words), symmetric; \(context.pooledStatistic);"
      + " n = \(context.pooledCases). MSD, HD95: between surface voxels' centres, every voxel counting"
      + " alike, both directions pooled (as MedPy)."
    if context.tolerances != nil {
      text +=
        " ASSD, HD95 larger, HD, NSD: surface elements weighted by area (as DeepMind's surface-distance); HD95 larger"
        + " and HD: the larger of both directions; NSD: share of both surfaces within the tolerance, 0 for a structure"
        + " that was missed or invented."
    }
    return text + " Structures: in the truth, over all cases. A structure that was missed or invented has no distance"
      + " and is counted beside them; the best distance is marked only where all methods miss and invent equally many,"
      + " or a method would gain by finding less.\(context.markWords)"
  }
}

extension TableContext {
  /// Of the normalised surface Dice, mm; nil unless every score has it, at the same tolerances.
  var tolerances: [Double]? {
    let evaluations = input.variants.flatMap(\.finished).flatMap { $0.evaluations ?? [] }
    guard let first = evaluations.first?.elements?.tolerances else { return nil }
    return evaluations.allSatisfy { $0.elements?.tolerances == first } ? first : nil
  }

  /// Do all methods with scores leave out equally many structures? Only then do their mean distances compete.
  var leaveOutEquallyMany: Bool {
    let counts = input.variants.filter { !$0.finished.isEmpty }.map { variant in
      variant.finished.flatMap { $0.evaluations ?? [] }.reduce(0) { sum, one in
        sum + one.truthVoxels.indices.count { (one.truthVoxels[$0] > 0) != (one.predictedVoxels[$0] > 0) }
      }
    }
    return Set(counts).count <= 1
  }
}

extension Column where Item == ReportInput.Variant {
  fileprivate static func distance(_ metric: Metric, _ context: TableContext) -> Column {
    var column = Column.mean(of: metric, context)
    if !context.leaveOutEquallyMany { column.ranking = nil }
    return column
  }
}
