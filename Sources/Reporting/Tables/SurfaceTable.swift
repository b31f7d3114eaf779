import Metrics

extension Table {
  /// Distances in mm, with what they leave out: a structure that was not found has none.
  static func surfaces(_ context: TableContext) -> Table {
    var table = Table(
      kind: .surfaces, caption: caption(context), notes: context.unfinished, rowTitle: "Method",
      columns: ["MSD (mm)", "HD95 (mm)", "Structures", "Missed", "Invented"], rows: [])
    for variant in context.input.rows {
      let distances = [Metric.surfaceDistance, .hausdorff95].map {
        context.cell(variant, $0, structures: context.allStructures, .fixed(2))
      }
      table.rows.append(Row(label: variant.name, cells: distances + countCells(variant)))
    }
    for column in 0..<2 { table.rankColumn(column, lowerIsBetter: true, second: context.options.marksSecond) }
    return table
  }

  private static func countCells(_ variant: ReportInput.Variant) -> [Cell] {
    let evaluations = variant.finished.flatMap { $0.evaluations ?? [] }
    guard !evaluations.isEmpty else { return Array(repeating: Cell(.missing), count: 3) }
    func count(_ what: String, where holds: (CaseEvaluation, Int) -> Bool) -> Cell {
      let total = evaluations.reduce(0) { sum, evaluation in
        sum + evaluation.truthVoxels.indices.filter { holds(evaluation, $0) }.count
      }
      let source = Source(what, count: evaluations.count, runs: variant.finished.map(\.identity))
      return Cell(.number(Number(Double(total), .fixed(0))), source: source)
    }
    return [
      count("structures in the truth, over all test cases") { $0.truthVoxels[$1] > 0 },
      count("structures of which nothing was found") { $0.truthVoxels[$1] > 0 && $0.predictedVoxels[$1] == 0 },
      count("structures predicted where there are none") { $0.truthVoxels[$1] == 0 && $0.predictedVoxels[$1] > 0 },
    ]
  }

  private static func caption(_ context: TableContext) -> String {
    "Surface distances (mm), symmetric, between surface voxels' centres: mean surface distance (MSD) and 95th"
      + " percentile of the Hausdorff distance (HD95); \(context.pooledStatistic); n = \(context.pooledCounts) test"
      + " cases. Structures: in the truth, over all cases. A structure that was missed or invented has no distance and"
      + " is counted beside them, or a method would gain by finding less."
  }
}
