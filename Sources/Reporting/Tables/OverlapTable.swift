extension Table {
  /// Every measure of overlap, method by method: of all structures, and of each where the methods are few.
  static func overlap(_ context: TableContext) -> Table {
    let input = context.input
    let listsEach = input.rows.count <= mostListed
    let rows = input.rows.enumerated().flatMap { number, variant -> [RowItem<OverlapRow>] in
      let each = listsEach ? input.structures.enumerated().map { ([$0.offset], $0.element) } : []
      return ([(context.allStructures, "all")] + each).enumerated().map { place, row in
        .own(
          OverlapRow(variant: variant, structures: row.0), label: "\(variant.name): \(row.1)",
          startsSection: number > 0 && place == 0 && listsEach)
      }
    }
    let omitted =
      listsEach ? [] : ["Single structures are listed where there are at most \(mostListed) methods."]
    return Table(
      .overlap, caption: caption(context), notes: context.unfinished + omitted, rowTitle: "Method: structures",
      columns: [Metric.dice, .intersectionOverUnion, .precision, .recall, .volumeError].map {
        overlapColumn($0, context)
      },
      rows: rows, marksSecond: false)
  }

  /// Beyond, a page of structures for each method helps nobody.
  private static let mostListed = 8

  private static func overlapColumn(_ metric: Metric, _ context: TableContext) -> Column<OverlapRow> {
    Column(metric.heading) { context.cell($0.variant, metric, structures: $0.structures, .fixed(2)) }
  }

  private static func caption(_ context: TableContext) -> String {
    "Overlap, \(context.input.grid.words): \(context.pooledStatistic). IoU: of both volumes' union. Precision: share of the"
      + " predicted voxels that are right, over the cases where some are predicted. Recall: share of the true voxels that"
      + " are found. Volume error: (predicted − true) / true, with its sign. Nothing is ranked here."
  }
}

/// A method and the structures that are averaged together.
private struct OverlapRow {
  let variant: ReportInput.Variant
  let structures: [Int]
}
