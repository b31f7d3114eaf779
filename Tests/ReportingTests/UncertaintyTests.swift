import Foundation
import Metrics
import Reporting
import Testing

/// SciPy's, NumPy's and statsmodels' values; `Golden/make_uncertainty.py` made them.
struct UncertaintyGolden: Decodable {
  struct Student: Decodable {
    struct Tail: Decodable { var degrees, t, tail: Double }
    struct Quantile: Decodable { var degrees, share, t: Double }
    struct Normal: Decodable { var share, z: Double }
    var tails: [Tail]
    var quantiles: [Quantile]
    var normal: [Normal]
  }

  struct Mean: Decodable {
    var variance: Double
    var ends: [Double]
  }

  struct Sample: Decodable {
    var values: [Double]
    var groups: [String]
    var seed: UInt64
    var resamples: Int
    var student: Mean?
    var accelerated: [Double]?
  }

  struct Crossed: Decodable {
    var p, detectable: Double
    var ends: [Double]
  }

  struct Pair: Decodable {
    /// By seed and case.
    var a, b: [[Double]]
    var crossed: Crossed?
  }

  struct Order: Decodable {
    var a, b: [Double]
    var probability: Double?
  }

  var student: Student
  var samples: [Sample]
  var pairs: [Pair]
  var orders: [Order]

  static let shared: UncertaintyGolden = {
    let url = Bundle.module.url(forResource: "Golden/uncertainty", withExtension: "json")!
    return try! JSONDecoder().decode(UncertaintyGolden.self, from: Data(contentsOf: url))
  }()
}

@Suite struct UncertaintyTests {
  private static let golden = UncertaintyGolden.shared

  /// By ratio: a tail of 1e-12 is as good as one of 0.4.
  private func expectRelative(
    _ found: Double, _ expected: Double, bound: Double = 1e-10, at place: SourceLocation = #_sourceLocation
  ) {
    #expect(
      found == expected || abs(found / expected - 1) <= bound, "\(found), not \(expected)", sourceLocation: place)
  }

  @Test func tailsEqualSciPy() {
    for one in Self.golden.student.tails {
      let student = StudentT(degrees: one.degrees)
      expectRelative(student.tail(beyond: one.t), one.tail)
      expectRelative(student.tail(beyond: -one.t), one.tail)
      expectRelative(student.probability(upTo: -one.t), one.tail)
      expectRelative(student.probability(upTo: one.t), 1 - one.tail)
    }
  }

  @Test func quantilesEqualSciPy() {
    for one in Self.golden.student.quantiles {
      expectRelative(StudentT(degrees: one.degrees).quantile(one.share), one.t)
    }
    for one in Self.golden.student.normal { expectRelative(Normal.quantile(one.share), one.z) }
  }

  /// One and two degrees of freedom have closed forms, which hold to the last digits beside 0 too.
  @Test(arguments: [1e-12, 1e-9, 1e-5, 0.3, 1, 7, 1e5])
  func tailsEqualTheirClosedForms(_ t: Double) {
    let two = (2 + t * t).squareRoot()
    expectRelative(StudentT(degrees: 1).tail(beyond: t), atan(1 / t) / .pi, bound: 1e-14)
    expectRelative(StudentT(degrees: 2).tail(beyond: t), 1 / (two * (two + t)), bound: 1e-14)
    expectRelative(StudentT(degrees: 1).quantile(0.5 + atan(t) / .pi), t, bound: 1e-15 + 1e-15 * max(1 / t, t))
  }

  @Test func theEndsOfADistributionAreDefined() {
    let student = StudentT(degrees: 3)
    #expect(student.tail(beyond: .infinity) == 0 && student.probability(upTo: -.infinity) == 0)
    #expect(student.tail(beyond: 0) == 0.5 && student.quantile(0.5) == 0)
    #expect(Normal.quantile(0) == -.infinity && Normal.quantile(1) == .infinity)
  }

  @Test(arguments: UncertaintyGolden.shared.samples.indices)
  func intervalsEqualSciPyAndStatsmodels(_ index: Int) {
    let golden = Self.golden.samples[index]
    let sample = ClusteredSample(golden.values, groups: golden.groups)
    expectClose(sample.variance, golden.student?.variance, bound: 1e-12)
    expectClose(sample.studentInterval?.lower, golden.student?.ends[0], bound: 1e-10)
    expectClose(sample.studentInterval?.upper, golden.student?.ends[1], bound: 1e-10)
    let resamples = Resamples(of: sample.counts.count, seed: golden.seed, count: golden.resamples)
    let found = sample.accelerated(resamples)
    expectClose(found?.lower, golden.accelerated?[0], bound: 1e-10)
    expectClose(found?.upper, golden.accelerated?[1], bound: 1e-10)
    #expect(found == sample.accelerated(resamples))
  }

  @Test(arguments: UncertaintyGolden.shared.orders.indices)
  func wrongOrdersAreAsProbableAsTheirFormulaSays(_ index: Int) {
    let golden = Self.golden.orders[index]
    guard golden.a.count > 2 else { return }
    expectClose(
      ClusteredSample(zip(golden.a, golden.b).map(-)).wrongSignProbability, golden.probability, bound: 1e-10)
  }

  @Test(arguments: UncertaintyGolden.shared.pairs.indices)
  func testsOfMethodsEqualSciPy(_ index: Int) {
    let golden = Self.golden.pairs[index]
    let found = Self.crossed(golden.a, golden.b)
    expectClose(found?.pValue, golden.crossed?.p, bound: 1e-10)
    expectClose(found?.interval.lower, golden.crossed?.ends[0], bound: 1e-10)
    expectClose(found?.interval.upper, golden.crossed?.ends[1], bound: 1e-10)
    expectClose(found?.detectable, golden.crossed?.detectable, bound: 1e-10)
  }

  /// Scores by seed and case.
  private static func crossed(_ a: [[Double]], _ b: [[Double]]) -> CrossedEstimate? {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let differences = a[0].indices.map { index in mean(a.map { $0[index] }) - mean(b.map { $0[index] }) }
    return CrossedEstimate(ClusteredSample(differences), seedMeans: [a.map(mean), b.map(mean)])
  }

  /// One patient, no numbers, a number that is none, nothing that varies.
  @Test func whatHasNoUncertaintyHasNone() {
    let resamples = { Resamples(of: $0, seed: 1, count: 100) }
    for sample in [ClusteredSample([]), ClusteredSample([4]), ClusteredSample([4, 5], groups: ["P", "P"])] {
      #expect(sample.variance == nil && sample.studentInterval == nil && sample.wrongSignProbability == nil)
      #expect(sample.accelerated(resamples(sample.counts.count)) == nil)
      #expect(CrossedEstimate(sample, seedMeans: [[1, 2]]) == nil)
    }
    let none = ClusteredSample([1, .nan, 2])
    #expect(none.mean == nil && none.studentInterval == nil && none.accelerated(resamples(3)) == nil)
    #expect(none.wrongSignProbability == nil && CrossedEstimate(none, seedMeans: [[1, 2]]) == nil)
    #expect(CrossedEstimate(ClusteredSample([1, 2]), seedMeans: [[1, .infinity]]) == nil)
    #expect(CrossedEstimate(ClusteredSample([1, 2]), seedMeans: [[1, 2], [1]]) == nil)
  }

  @Test func whatDoesNotVaryIsAPoint() throws {
    let (same, zero) = (ClusteredSample([2, 2, 2]), ClusteredSample([0, 0, 0]))
    let point = Interval(lower: 2, upper: 2)
    #expect(same.studentInterval == point && same.accelerated(Resamples(of: 3, seed: 1, count: 100)) == point)
    #expect(same.wrongSignProbability == nil && zero.wrongSignProbability == 0.5)
    let constant = try #require(CrossedEstimate(same, seedMeans: [[2, 2]]))
    #expect(constant.pValue == nil && constant.interval == point && constant.detectable == 0)
    #expect(CrossedEstimate(zero, seedMeans: [[5, 5], [5, 5]])?.pValue == 1)
  }

  /// Seeds that change nothing leave the test over cases; cases that change nothing leave the one over seeds.
  @Test func eitherSourceMayBeAbsent() throws {
    let cases = ClusteredSample([1, 2, 3, 4])
    let noSeeds = try #require(CrossedEstimate(cases, seedMeans: [[3, 3], [0.5, 0.5]]))
    expectClose(noSeeds.interval.lower, cases.studentInterval?.lower, bound: 1e-12)
    let noCases = try #require(CrossedEstimate(ClusteredSample([1, 1]), seedMeans: [[3, 3.5, 4], [2, 2.5, 3]]))
    expectClose(noCases.pValue, 2 * StudentT(degrees: 4).tail(beyond: 1 / (0.5 / 3).squareRoot()), bound: 1e-12)
  }

  /// The same patients are drawn for everything; another seed draws others.
  @Test func resamplesHangOnTheSeedAlone() {
    let sample = ClusteredSample([1, 5, 2, 8, 3, 3.5, 9])
    let first = sample.accelerated(Resamples(of: 7, seed: 1))
    #expect(first == sample.accelerated(Resamples(of: 7, seed: 1)))
    #expect(first != sample.accelerated(Resamples(of: 7, seed: 2)))
  }

  /// Two cases of a patient move together: doubling every case adds no certainty.
  @Test func casesOfOnePatientCountOnce() throws {
    let values = [1.0, 5, 2, 8, 3]
    let doubled = ClusteredSample(values + values, groups: ["a", "b", "c", "d", "e", "a", "b", "c", "d", "e"])
    expectClose(doubled.variance, ClusteredSample(values).variance, bound: 1e-12)
    let resamples = Resamples(of: 5, seed: 3)
    expectClose(
      doubled.accelerated(resamples)?.lower, ClusteredSample(values).accelerated(resamples)?.lower, bound: 1e-12)
  }
}
