/// Every method of a table against the baseline, corrected for how many they are.
struct Comparisons {
  private let baseline: String
  private let pairs: [PairedComparison]
  /// Holm-corrected p values of those that could be tested, by method.
  private let adjusted: [String: Double]

  /// - Parameter name: the baseline, one of the input's methods.
  init(with name: String, _ context: TableContext) {
    guard let baseline = context.input.variants.first(where: { $0.name == name }) else {
      preconditionFailure("the baseline '\(name)' is not among \(context.input.variants.map(\.name))")
    }
    let others = context.input.rows.filter { $0.name != name }
    self.baseline = name
    pairs = others.map {
      PairedComparison($0, baseline, structures: context.allStructures, seed: context.options.seed)
    }
    adjusted = Self.adjusted(pairs)
  }

  private static func adjusted(_ pairs: [PairedComparison]) -> [String: Double] {
    let tested = pairs.filter { $0.test != nil }
    let values = holmAdjusted(tested.compactMap { $0.test?.pValue })
    return Dictionary(uniqueKeysWithValues: zip(tested.map(\.variant.name), values))
  }

  var columns: [Column<ReportInput.Variant>] {
    [
      column("Difference", baseline: "baseline") { pair, _, _ in
        pair.mean.map { (.number(Number($0, .signed(2))), "mean of paired differences from \(baseline)") }
      },
      column("95 % interval") { pair, _, _ in
        pair.interval.map {
          (
            .interval($0.lower, $0.upper, .signed(2)), "BCa interval of the mean difference, by bootstrap"
          )
        }
      },
      column("p (Holm)") { _, test, adjusted in
        (
          .number(Number(adjusted, .pValue)),
          "Wilcoxon signed-rank, two-sided, \(test.method.rawValue), Holm-corrected"
        )
      },
      column("Effect size") { _, test, _ in
        test.rankBiserial.map { (.number(Number($0, .signed(2))), "matched-pairs rank-biserial correlation") }
      },
    ]
  }

  /// A column that is missing where there is no test.
  ///
  /// - Parameters:
  ///   - baseline: what stands in the baseline's own row.
  ///   - content: what is shown of a tested pair, and which statistic that is.
  private func column(
    _ heading: String, baseline text: String = "",
    content: @escaping (PairedComparison, SignedRankTest, _ adjusted: Double) -> (Cell.Content, String)?
  ) -> Column<ReportInput.Variant> {
    Column(heading) { variant in
      guard let pair = pairs.first(where: { $0.variant.name == variant.name }) else { return Cell(.text(text)) }
      guard let test = pair.test, let adjusted = adjusted[variant.name], !pair.differences.isEmpty,
        let (content, statistic) = content(pair, test, adjusted)
      else { return Cell(.missing) }
      let source = Source(
        statistic, count: pair.differences.count, runs: pair.runs, contributions: pair.differences)
      return Cell(content, source: source)
    }
  }

  /// Which test ran, which could not, and what so few pairs can show at all.
  var notes: [String] {
    var notes = pairs.compactMap { pair in
      pair.refusal.map { "No paired test of \(pair.variant.name) against \(baseline): \($0)." }
    }
    let tests = pairs.compactMap(\.test)
    guard !tests.isEmpty else { return notes }
    let exact = tests.allSatisfy { $0.method == .exact }
    let limit = SignedRankTest.exactLimit
    notes.append(exact ? "p values are exact." : "p values use the normal approximation above \(limit) pairs.")
    if let fewest = tests.map(\.used).min(), fewest < 6 {
      let least = NumberFormat.fixed(4).text(min(1, 2 / Double(1 << fewest)))
      notes.append("\(fewest) pairs that differ cannot give p below \(least).")
    }
    return notes
  }
}
