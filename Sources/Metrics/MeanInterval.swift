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
    let values = values.compactMap { $0 }
    guard !values.isEmpty else { return nil }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    (count, self.mean) = (values.count, mean)
    guard values.count > 1 else { (deviation, lower, upper) = (nil, nil, nil); return }
    let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot()
    let reach = StudentT(degrees: n - 1).quantile((1 + confidence) / 2) * spread / n.squareRoot()
    (deviation, lower, upper) = (spread, mean - reach, mean + reach)
  }
}
