import Metrics
import Testing

@Suite struct MeanIntervalTests {
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
