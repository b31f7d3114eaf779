import Metrics

/// Every method of a table against the baseline, corrected for how many they are.
struct Comparisons {
  let baseline: String
  let pairs: [PairedComparison]
  /// Holm-corrected p values over cases, by method: of these trained networks.
  let networks: [String: Double]
  /// p values over cases and seeds, by method, Holm-corrected over all pairs of methods: the family that † uses too, so
  /// that a p below 5 % and a † never contradict each other.
  let methods: [String: Double]

  private let context: TableContext

  /// Nil without a baseline among the input's methods.
  init?(_ context: TableContext) {
    guard let name = context.input.baseline, let baseline = context.input.variants.first(where: { $0.name == name })
    else { return nil }
    (self.baseline, self.context) = (name, context)
    pairs = context.input.rows.filter { $0.name != name }.map { PairedComparison($0, baseline, context) }
    networks = Self.adjusted(pairs) { $0.test?.pValue }
    methods = Self.adjusted(pairs, others: Self.pValues(context, without: name)) { $0.pair?.estimate?.pValue }
  }

  /// Of the pairs without the baseline.
  private static func pValues(_ context: TableContext, without name: String) -> [Double] {
    guard context.hasSeveralSeeds else { return [] }
    let scores = context.input.rows.filter { $0.name != name }.map {
      context.scores($0, .dice, structures: context.allStructures)
    }
    return scores.indices.flatMap { high in
      (0..<high).compactMap { MethodPair(scores[high], scores[$0])?.estimate?.pValue }
    }
  }

  private static func adjusted(
    _ pairs: [PairedComparison], others: [Double] = [], _ value: (PairedComparison) -> Double?
  ) -> [String: Double] {
    let tested = pairs.compactMap { pair in value(pair).map { (pair.variant.name, $0) } }
    let adjusted = holmAdjusted(tested.map(\.1) + others)
    return Dictionary(zip(tested.map(\.0), adjusted)) { first, _ in first }
  }

  /// The difference with its interval; with several seeds, the test of the methods.
  var columns: [Column<ReportInput.Variant>] {
    let difference = column("Difference", baseline: "baseline") { pair in
      pair.pair?.sample.mean.map {
        Cell(.number(Number($0, .signed(2))), source: pair.source("mean of paired differences from \(baseline)"))
      }
    }
    let interval = column("95 % of difference") { pair in
      let isOfMethods = context.hasSeveralSeeds
      return (isOfMethods ? pair.pair?.estimate?.interval : pair.pair?.sample.studentInterval).map {
        Cell($0, source: pair.source(isOfMethods ? "interval over cases and seeds" : "t interval over cases"))
      }
    }
    let test = column("p (Holm)") { pair in
      methods[pair.variant.name].map {
        Cell(.number(Number($0, .pValue)), source: pair.source("test over cases and seeds, two-sided, Holm-corrected"))
      }
    }
    return [difference, interval] + (context.hasSeveralSeeds ? [test] : [])
  }

  /// - Parameter text: what stands in the baseline's own row.
  private func column(
    _ heading: String, baseline text: String = "", cell: @escaping (PairedComparison) -> Cell?
  ) -> Column<ReportInput.Variant> {
    Column(heading) { variant in
      guard let pair = pairs.first(where: { $0.variant.name == variant.name }) else { return Cell(.text(text)) }
      return cell(pair) ?? Cell(.missing)
    }
  }

  /// Which methods cannot be compared, and why.
  var notes: [String] {
    pairs.compactMap { pair in
      pair.refusal.map { "\(pair.variant.name) is not compared with \(baseline): \($0)." }
    }
  }

  /// The smallest difference that these cases and seeds can show, by the pairs' mean variance: a single pair's is too often
  /// too small where seeds are few.
  var power: [String] {
    guard context.hasSeveralSeeds else {
      return ["Power: one seed shows no difference between methods, however large."]
    }
    let detectable = pairs.compactMap { $0.pair?.estimate?.detectable }
    guard let square = Sample(detectable.map { $0 * $0 }).mean else { return [] }
    let smallest = NumberFormat.fixed(1).text(square.squareRoot())
    return [
      "Power: as these cases and seeds vary, a test of two methods at 5 % finds a difference of \(smallest) points four"
        + " times in five (mean variance of the pairs, before Holm's correction); a smaller one may be there unseen."
    ]
  }
}

extension Cell {
  init(_ interval: Interval, _ format: NumberFormat = .signed(2), source: Source? = nil) {
    self.init(.interval(interval.lower, interval.upper, format), source: source)
  }
}
