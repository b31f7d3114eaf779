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
    /// Linear between neighbours, as in NumPy's default.
    func quantile(_ share: Double) -> Double {
      let place = share * Double(sorted.count - 1)
      let below = Int(place)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
    (median, lowerQuartile, upperQuartile) = (quantile(0.5), quantile(0.25), quantile(0.75))
    (minimum, samples) = (sorted[0], sorted.count)
  }
}
