import Metrics
import Text

extension Table {
  /// Whether levels are named rightly, apart from how well structures are drawn.
  static func levels(_ context: TableContext) -> Table {
    let spine = SpineLevels(names: context.input.structures)
    return Table(
      .levels, caption: caption(context), notes: context.unfinished + missing(spine), rowTitle: "Method",
      columns: spine.isEmpty ? objectColumns(context) : levelColumns(spine, context) + objectColumns(context),
      rows: context.methods(),
      marksSecond: context.options.marksSecond)
  }

  private static func missing(_ spine: SpineLevels) -> [String] {
    spine.isEmpty ? ["No two structures are named as levels of the spine (L5, T12, L4/L5, ...)."] : []
  }

  private static func levelColumns(_ spine: SpineLevels, _ context: TableContext) -> [Column<ReportInput.Variant>] {
    [
      share("Identified (%)", "true levels identified", spine, context) { levels in
        (levels.reduce(0) { $0 + $1.identified }, levels.reduce(0) { $0 + $1.levels })
      },
      share("All right (%)", "cases with all levels identified", spine, context) { levels in
        (levels.count { $0.allIdentified }, levels.count { $0.levels > 0 })
      },
      Column("Shifts", alignment: .leading) { variant in
        let levels = variant.levels(of: spine)
        return levels.isEmpty ? Cell(.missing) : Cell(.text(histogram(levels)))
      },
      mean("Dice (%)", "cases' mean Dice", context) { $0.meanDice },
      mean("Dice after shift (%)", "cases' mean Dice with the labels moved by the best shift", context) { one in
        one.levels(of: spine).flatMap { Metrics.mean(ofCounted: $0.diceAfterShift) }
      },
    ]
  }

  private static func objectColumns(_ context: TableContext) -> [Column<ReportInput.Variant>] {
    [
      mean("PQ (%)", "cases' panoptic quality", context) { $0.instances.panopticQuality },
      mean("RQ (%)", "cases' recognition quality", context) { $0.instances.recognitionQuality },
      mean("SQ (%)", "cases' segmentation quality, where an object matches", context) {
        $0.instances.segmentationQuality
      },
    ]
  }

  /// "0: 20, +1: 3, −1: 1": how many cases need which shift; "none": no predicted level touches a true one.
  private static func histogram(_ levels: [LevelScores]) -> String {
    let counts = Dictionary(grouping: levels, by: \.shift).mapValues(\.count)
    // The smallest first, towards the foot before towards the head; what has none last.
    let ordered = counts.sorted { left, right in
      guard let a = left.key, let b = right.key else { return left.key != nil }
      return (abs(a), -a) < (abs(b), -b)
    }
    return ordered.map { shift, count in
      let words = shift.map { $0 > 0 ? "+\($0)" : $0 < 0 ? "−\(-$0)" : "0" } ?? "none"
      return "\(words): \(count)"
    }.joined(separator: ", ")
  }

  private static func share(
    _ heading: String, _ what: String, _ spine: SpineLevels, _ context: TableContext,
    _ parts: @escaping ([LevelScores]) -> (Int, Int)
  ) -> Column<ReportInput.Variant> {
    Column(heading, ranking: Ranking(.higher)) { variant in
      let (part, whole) = parts(variant.levels(of: spine))
      guard whole > 0 else { return Cell(.missing) }
      let source = Source(what, count: whole, runs: variant.finished.map(\.identity))
      return context.covering(
        variant, Cell(.number(Number(100 * Double(part) / Double(whole), .fixed(1))), source: source))
    }
  }

  private static func mean(
    _ heading: String, _ what: String, _ context: TableContext,
    _ value: @escaping (CaseEvaluation) -> Double?
  ) -> Column<ReportInput.Variant> {
    Column(heading, ranking: Ranking(.higher)) { variant in
      let values = variant.finished.flatMap { $0.evaluations ?? [] }.compactMap(value)
      guard let mean = Sample(values).mean else { return Cell(.missing) }
      let source = Source("mean over \(what)", count: values.count, runs: variant.finished.map(\.identity))
      return context.covering(variant, Cell(.number(Number(100 * mean, .fixed(1))), source: source))
    }
  }

  private static func caption(_ context: TableContext) -> String {
    "Names and objects, \(context.input.grid.words), n = \(context.pooledCases). Identified: true levels"
      + " whose nearest predicted centroid of their kind has the right label and lies within"
      + " \(LevelScores.reach.fixed(0)) mm. All right: cases with all levels identified. Shifts: by how many places"
      + " towards the foot a case's labels must move to meet most true voxels, and in how many cases. Dice after shift:"
      + " with the labels so moved, what is left is drawing. PQ = RQ SQ: panoptic quality with every structure as an"
      + " object, whatever it is called, matched above an IoU of 0.5."
      + context.boldWords
  }
}

extension ReportInput.Variant {
  /// Of every test case whose centroids were kept.
  fileprivate func levels(of spine: SpineLevels) -> [LevelScores] {
    finished.flatMap { $0.evaluations ?? [] }.compactMap { $0.levels(of: spine) }
  }
}
