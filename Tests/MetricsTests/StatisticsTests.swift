import Metrics
import Testing

@Suite struct StatisticsTests {
  /// np.percentile([1, 2, 4, 8], p)
  @Test func percentilesAreNumPys() {
    let values = [0, 25, 50, 75, 95, 100].map { percentile($0, ofSorted: [1, 2, 4, 8]) }
    #expect(zip(values, [1, 1.75, 3, 5, 7.4, 8]).allSatisfy { abs($0 - $1) < 1e-14 } && values.count == 6)
    #expect(percentile(30, ofSorted: [5]) == 5)
  }

  @Test func meansLeaveOutWhatDoesNotCount() {
    #expect(mean(ofCounted: [1, nil, 2]) == 1.5 && mean(ofCounted: [nil]) == nil && mean(ofCounted: []) == nil)
  }
}
