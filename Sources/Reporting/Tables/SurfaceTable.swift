import Metrics

extension Table {
  /// Distances in mm, with what they leave out: a structure that was not found has none.
  static func surfaces(_ context: TableContext) -> Table {
    Table(
      .surfaces, caption: caption(context), notes: context.unfinished, rowTitle: "Method",
      columns: Metric.distances.map { .mean(of: $0, context) } + countColumns, rows: context.methods(),
      marksSecond: context.options.marksSecond)
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
    "Surface distances (mm), symmetric, between surface voxels' centres: mean surface distance (MSD) and 95th"
      + " percentile of the Hausdorff distance (HD95); \(context.pooledStatistic); n = \(context.pooledCounts) test"
      + " cases. Structures: in the truth, over all cases. A structure that was missed or invented has no distance and"
      + " is counted beside them, or a method would gain by finding less."
  }
}
