/// Two variants on the same test cases: what the difference is, and how sure one can be of it.
struct PairedComparison {
  enum Outcome {
    case tested(SignedRankTest, Interval?)
    /// Why there is nothing to test, as the end of a sentence.
    case refused(String)
  }

  let variant: ReportInput.Variant
  let baseline: ReportInput.Variant
  /// Variant minus baseline, of each case's mean Dice in percent.
  let differences: [Average.Contribution]
  let outcome: Outcome

  init(_ variant: ReportInput.Variant, _ baseline: ReportInput.Variant, structures: [Int], seed: UInt64) {
    (self.variant, self.baseline) = (variant, baseline)
    let own = variant.cases(.dice)
    let other = baseline.cases(.dice)
    guard !own.isEmpty, !other.isEmpty else {
      (differences, outcome) = ([], .refused("no finished fold"))
      return
    }
    guard Self.keys(own) == Self.keys(other) else {
      (differences, outcome) = ([], .refused("different test cases (\(own.count) and \(other.count))"))
      return
    }
    differences = Self.pairs(own, other, structures)
    let values = differences.map(\.value)
    let interval = ClusteredSample(values).accelerated(Resamples(of: values.count, seed: seed))
    outcome = .tested(SignedRankTest(values), interval)
  }

  var test: SignedRankTest? { if case .tested(let test, _) = outcome { test } else { nil } }
  var interval: Interval? { if case .tested(_, let interval) = outcome { interval } else { nil } }
  var refusal: String? { if case .refused(let reason) = outcome { reason } else { nil } }

  var mean: Double? { Sample(differences.map(\.value)).mean }

  var runs: [String] { (variant.finished + baseline.finished).map(\.identity) }

  private static func keys(_ cases: [ScoredCase]) -> Set<String> { Set(cases.map { "\($0.fold) \($0.name)" }) }

  /// Cases in which no structure counts have no mean and make no pair.
  private static func pairs(_ own: [ScoredCase], _ other: [ScoredCase], _ structures: [Int]) -> [Average.Contribution] {
    let means = Dictionary(uniqueKeysWithValues: other.map { ("\($0.fold) \($0.name)", $0.mean(over: structures)) })
    return own.compactMap { scored in
      guard let a = scored.mean(over: structures), let b = means["\(scored.fold) \(scored.name)"] ?? nil else {
        return nil
      }
      return Average.Contribution(name: scored.name, value: a - b)
    }
  }
}
