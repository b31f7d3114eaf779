import Compute
import Metrics

/// An interval for a mean: resample the numbers with replacement, take the means, cut off both tails (Efron 1979).
package struct BootstrapInterval: Equatable, Codable, Sendable {
  package let lower, upper: Double

  package static let resamples = 10_000
  /// In percent.
  package static let confidence = 95.0

  /// The percentile interval of the mean; nil below two numbers.
  ///
  /// Draws come from `RandomStream(seed, .bootstrap)`, resample by resample: the same numbers give the same interval.
  package init?(ofMean values: [Double], seed: UInt64, resamples: Int = Self.resamples) {
    guard values.count > 1 else { return nil }
    var stream = RandomStream(seed: seed, purpose: .bootstrap)
    var means: [Double] = []
    means.reserveCapacity(resamples)
    for _ in 0..<resamples {
      var sum = 0.0
      for _ in values.indices { sum += values[stream.nextInt(below: values.count)] }
      means.append(sum / Double(values.count))
    }
    means.sort()
    lower = percentile((100 - Self.confidence) / 2, ofSorted: means)
    upper = percentile((100 + Self.confidence) / 2, ofSorted: means)
  }
}
