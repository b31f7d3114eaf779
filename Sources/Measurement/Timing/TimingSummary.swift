import Metrics

/// Seconds of a repeated measurement: the median, and how far its neighbours lie.
package struct TimingSummary: Codable, Equatable, Sendable {
  package let median: Double
  package let lowerQuartile: Double
  package let upperQuartile: Double
  package let minimum: Double
  package let samples: Int

  package init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "no measurement to summarise")
    let sorted = seconds.sorted()
    median = percentile(50, ofSorted: sorted)
    (lowerQuartile, upperQuartile) = (percentile(25, ofSorted: sorted), percentile(75, ofSorted: sorted))
    (minimum, samples) = (sorted[0], sorted.count)
  }
}
