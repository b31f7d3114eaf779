/// Two variants on the same test cases: what the difference is, and how sure one can be of it.
struct PairedComparison {
  let variant: ReportInput.Variant
  let baseline: ReportInput.Variant
  /// Variant minus baseline, of each case's mean Dice in percent; nil where they cannot be compared.
  let pair: MethodPair?
  /// Over cases, of these trained networks.
  let test: SignedRankTest?

  private let counts: (Int, Int)

  init(_ variant: ReportInput.Variant, _ baseline: ReportInput.Variant, _ context: TableContext) {
    (self.variant, self.baseline) = (variant, baseline)
    let scores = [variant, baseline].map { context.scores($0, .dice, structures: context.allStructures) }
    counts = (scores[0].cases.count, scores[1].cases.count)
    pair = counts.0 > 0 && counts.1 > 0 ? MethodPair(scores[0], scores[1]) : nil
    test = pair.map { SignedRankTest($0.differences.map(\.value)) }
  }

  /// Why there is nothing to compare, as the end of a sentence.
  var refusal: String? {
    guard pair == nil else { return nil }
    return counts.0 == 0 || counts.1 == 0
      ? "no finished fold" : "different test cases (\(counts.0) and \(counts.1))"
  }

  var runs: [String] { (variant.finished + baseline.finished).map(\.identity) }

  func source(_ statistic: String) -> Source {
    Source(statistic, count: pair?.differences.count ?? 0, runs: runs, contributions: pair?.differences ?? [])
  }
}
