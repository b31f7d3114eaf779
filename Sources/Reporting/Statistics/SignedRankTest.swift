import Foundation

/// Wilcoxon's signed-rank test, two-sided, of paired differences; zeros are dropped (Wilcoxon 1945), equal magnitudes
/// share their mean rank.
package struct SignedRankTest: Equatable, Sendable {
  package enum Method: String, Codable, Sendable {
    /// The distribution over all sign patterns of the ranks at hand: right with ties and zeros too.
    case exact
    /// The normal approximation, with correction for ties and continuity.
    case normal
  }

  /// Above this many differences the exact distribution takes longer than it is worth.
  package static let exactLimit = 300

  package let method: Method
  /// Differences that are not zero.
  package let used: Int
  /// Sum of the ranks of the positive differences, and of the negative ones.
  package let positiveRanks, negativeRanks: Double
  package let pValue: Double

  package init(_ differences: [Double], method: Method? = nil) {
    let ranks = SignedRanks(differences.filter { $0 != 0 })
    used = ranks.doubled.count
    self.method = method ?? (used <= Self.exactLimit ? .exact : .normal)
    positiveRanks = Double(ranks.doubledPositive) / 2
    negativeRanks = Double(ranks.doubledTotal - ranks.doubledPositive) / 2
    guard used > 0 else { pValue = 1; return }
    pValue = self.method == .exact ? ranks.exactPValue() : ranks.normalPValue()
  }

  /// Matched-pairs rank-biserial correlation (Kerby 2014), from −1 (all differences negative) to 1 (all positive):
  /// `(R₊ − R₋) / (R₊ + R₋)`. Nil when every difference is zero.
  package var rankBiserial: Double? {
    used == 0 ? nil : (positiveRanks - negativeRanks) / (positiveRanks + negativeRanks)
  }
}

/// Ranks of magnitudes, doubled so that mean ranks are whole numbers.
private struct SignedRanks {
  /// Twice the rank of each difference, by ascending magnitude.
  var doubled: [Int] = []
  var doubledPositive = 0
  /// `Σ (t³ − t)` over groups of `t` equal magnitudes.
  var tieTerm = 0.0

  var doubledTotal: Int { doubled.count * (doubled.count + 1) }

  init(_ differences: [Double]) {
    let sorted = differences.sorted { abs($0) < abs($1) }
    var first = 0
    while first < sorted.count {
      var end = first + 1
      while end < sorted.count && abs(sorted[end]) == abs(sorted[first]) { end += 1 }
      let rank = first + 1 + end
      doubled += Array(repeating: rank, count: end - first)
      doubledPositive += rank * sorted[first..<end].filter { $0 > 0 }.count
      let size = Double(end - first)
      tieTerm += size * size * size - size
      first = end
    }
  }

  /// Twice the smaller tail of the distribution of the positive rank sum when every sign is a fair coin.
  func exactPValue() -> Double {
    var probability = [1.0] + Array(repeating: 0.0, count: doubledTotal)
    var reached = 0
    for rank in doubled {
      reached += rank
      for sum in stride(from: reached, through: 0, by: -1) {
        probability[sum] = 0.5 * (probability[sum] + (sum >= rank ? probability[sum - rank] : 0))
      }
    }
    let below = probability[...doubledPositive].reduce(0, +)
    let above = probability[doubledPositive...].reduce(0, +)
    return min(1, 2 * min(below, above))
  }

  func normalPValue() -> Double {
    let n = Double(doubled.count)
    let deviation = ((n * (n + 1) * (2 * n + 1) - tieTerm / 2) / 24).squareRoot()
    let distance = abs(Double(doubledPositive) / 2 - n * (n + 1) / 4)
    return min(1, erfc(max(0, distance - 0.5) / deviation / 2.0.squareRoot()))
  }
}
