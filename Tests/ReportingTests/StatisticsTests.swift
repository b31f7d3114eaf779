import Foundation
import Metrics
import Reporting
import Testing

/// SciPy's, NumPy's and statsmodels' values; `Golden/make_statistics.py` made them.
struct StatisticsGolden: Decodable {
  struct Moments: Decodable {
    var count: Int
    var mean, deviation: Double?
  }

  struct Differences: Decodable {
    var values: [Double]
    var count: Int
    var mean, deviation, rankBiserial: Double?
    var exact, normal, positive, negative: Double
  }

  struct Holm: Decodable { var p, adjusted: [Double] }

  struct Averages: Decodable {
    var dice: [[Double?]]
    var caseFirst, structureFirst: Moments
  }

  var differences: [Differences]
  var holm: [Holm]
  var averages: [Averages]

  static let shared: StatisticsGolden = {
    let url = Bundle.module.url(forResource: "Golden/statistics", withExtension: "json")!
    return try! JSONDecoder().decode(StatisticsGolden.self, from: Data(contentsOf: url))
  }()
}

/// Sums of at most 30 000 terms, each rounded by 2^-53 of the largest.
let sumBound = 30_000 * 0x1p-53

func expectClose(
  _ found: Double?, _ expected: Double?, bound: Double = sumBound, at place: SourceLocation = #_sourceLocation
) {
  guard let found, let expected else {
    #expect(
      (found == nil) == (expected == nil), "\(String(describing: found)), not \(String(describing: expected))",
      sourceLocation: place)
    return
  }
  #expect(abs(found - expected) <= bound * max(1, abs(expected)), "\(found), not \(expected)", sourceLocation: place)
}

@Suite struct StatisticsTests {
  @Test(arguments: StatisticsGolden.shared.differences.indices)
  func meanAndDeviationEqualNumPy(_ index: Int) {
    let golden = StatisticsGolden.shared.differences[index]
    let sample = Sample(golden.values)
    #expect(sample.count == golden.count)
    expectClose(sample.mean, golden.mean)
    expectClose(sample.deviation, golden.deviation)
  }

  @Test(arguments: StatisticsGolden.shared.differences.indices)
  func signedRankEqualsSciPy(_ index: Int) {
    let golden = StatisticsGolden.shared.differences[index]
    let exact = SignedRankTest(golden.values, method: .exact)
    #expect(exact.positiveRanks == golden.positive)
    #expect(exact.negativeRanks == golden.negative)
    expectClose(exact.rankBiserial, golden.rankBiserial)
    expectRelative(exact.pValue, golden.exact)
    expectRelative(SignedRankTest(golden.values, method: .normal).pValue, golden.normal)
  }

  /// p values are compared by ratio: small ones are what they are for.
  private func expectRelative(_ found: Double, _ expected: Double) {
    #expect(abs(found / expected - 1) <= sumBound, "\(found), not \(expected)")
  }

  @Test func choosesAndNamesTheMethod() {
    #expect(SignedRankTest((1...300).map(Double.init)).method == .exact)
    #expect(SignedRankTest((1...301).map(Double.init)).method == .normal)
  }

  /// Five pairs cannot reach 0.05: the reason why fold means are never tested.
  @Test func fivePairsEndAt0_0625() {
    #expect(SignedRankTest([1, 2, 3, 4, 5]).pValue == 0.0625)
  }

  @Test func zerosAloneShowNothing() {
    let test = SignedRankTest([0, 0, 0])
    #expect(test.pValue == 1 && test.used == 0 && test.rankBiserial == nil)
  }

  @Test(arguments: StatisticsGolden.shared.holm.indices)
  func holmEqualsStatsmodels(_ index: Int) {
    let golden = StatisticsGolden.shared.holm[index]
    let adjusted = holmAdjusted(golden.p)
    #expect(adjusted.count == golden.adjusted.count)
    for (found, expected) in zip(adjusted, golden.adjusted) { expectClose(found, expected) }
  }

  @Test func anEmptySampleHasNothing() {
    let sample = Sample([])
    #expect(sample.count == 0 && sample.mean == nil && sample.deviation == nil)
  }
}
