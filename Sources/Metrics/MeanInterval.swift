/// A mean with what is known of it.
package struct MeanInterval: Codable, Equatable, Sendable {
  /// How many numbers it is of.
  package let count: Int
  package let mean: Double
  /// `√(Σ(x − mean)² / (n − 1))`; nil below two numbers, as is the interval.
  package let deviation: Double?
  /// The t interval of the mean, `mean ± t s / √n`.
  package let lower, upper: Double?

  /// Nil of no number. Numbers that are not there take no part.
  package init?(_ values: [Double?], confidence: Double = 0.95) {
    let sample = Sample(values.compactMap(\.self))
    guard let mean = sample.mean else { return nil }
    (count, self.mean, deviation) = (sample.count, mean, sample.deviation)
    guard let deviation = sample.deviation else { (lower, upper) = (nil, nil); return }
    let n = Double(sample.count)
    let reach = StudentT(degrees: n - 1).quantile((1 + confidence) / 2) * deviation / n.squareRoot()
    (lower, upper) = (mean - reach, mean + reach)
  }
}
