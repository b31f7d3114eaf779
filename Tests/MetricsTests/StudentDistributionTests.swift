import Metrics
import Testing

@Suite struct StudentDistributionTests {
  /// scipy.stats.t.ppf(0.975, n) of SciPy 1.17.1
  static let quantiles: [(freedom: Int, t: Double)] = [
    (1, 12.706204736174694), (2, 4.302652729749462), (3, 3.1824463052837078), (9, 2.262157162798205),
    (39, 2.022690920036761), (1000, 1.9623390808264083),
  ]

  @Test(arguments: quantiles) func quantilesAreSciPys(freedom: Int, t: Double) {
    #expect(abs(StudentDistribution.quantile(confidence: 0.95, freedom: freedom) - t) <= 1e-9 * t)
    #expect(abs(StudentDistribution.probability(below: t, freedom: freedom) - 0.975) <= 1e-12)
    #expect(abs(StudentDistribution.probability(below: -t, freedom: freedom) - 0.025) <= 1e-12)
  }

  @Test func aMeanHasItsInterval() throws {
    // numpy.mean, numpy.std(ddof=1), scipy.stats.t.interval(0.95, 3, mean, sem)
    let interval = try #require(MeanInterval([1, nil, 2, 4, 8]))
    #expect(interval.count == 4 && interval.mean == 3.75)
    #expect(abs((interval.deviation ?? 0) - 3.095695936834452) < 1e-14)
    #expect(abs((interval.lower ?? 0) - -1.1759430482302937) < 1e-9)
    #expect(abs((interval.upper ?? 0) - 8.675943048230295) < 1e-9)
    let one = try #require(MeanInterval([5]))
    #expect(one.mean == 5 && one.deviation == nil && one.lower == nil)
    #expect(MeanInterval([nil]) == nil)
  }
}
