import Metrics

/// Seconds of a repeated measurement: the median, and how far its neighbours lie.
package struct TimingSummary: Codable, Equatable, Sendable {
  /// Half of the repetitions took less.
  package let median: Double
  /// A quarter of the repetitions took less.
  package let lowerQuartile: Double
  /// Three quarters of the repetitions took less.
  package let upperQuartile: Double
  /// The shortest repetition.
  package let minimum: Double
  /// How many repetitions there were.
  package let samples: Int

  /// Percentiles are linear between closest ranks, as NumPy's default.
  ///
  /// - Precondition: at least one number.
  package init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "no measurement to summarise")
    let sorted = seconds.sorted()
    median = percentile(50, ofSorted: sorted)
    (lowerQuartile, upperQuartile) = (percentile(25, ofSorted: sorted), percentile(75, ofSorted: sorted))
    (minimum, samples) = (sorted[0], sorted.count)
  }
}
