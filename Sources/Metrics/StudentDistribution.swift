import Foundation

/// Student's t distribution, for the interval of a mean of few numbers.
package enum StudentDistribution {
  /// The probability of a value up to `t`, by the regularised incomplete beta function:
  ///
  ///     P(T <= t) = 1 - I(x; n / 2, 1 / 2) / 2    with x = n / (n + t²), for t >= 0
  ///
  /// - Parameter freedom: n, at least 1.
  package static func probability(below t: Double, freedom: Int) -> Double {
    let n = Double(max(1, freedom))
    let tail = incompleteBeta(n / (n + t * t), n / 2, 0.5) / 2
    return t < 0 ? tail : 1 - tail
  }

  /// The t with `P(|T| <= t) = confidence`, by bisection.
  ///
  /// - Parameter confidence: above 0 and below 1.
  package static func quantile(confidence: Double, freedom: Int) -> Double {
    let wanted = (1 + confidence) / 2
    var (low, high) = (0.0, 1.0)
    while probability(below: high, freedom: freedom) < wanted, high < 1e12 { high *= 2 }
    for _ in 0..<200 where high - low > high * .ulpOfOne {
      let middle = (low + high) / 2
      if probability(below: middle, freedom: freedom) < wanted { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// I(x; a, b), by Lentz's continued fraction (Press et al., *Numerical Recipes*, 6.4) on the side where it converges.
  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let scale: Double = lgamma(a + b) - lgamma(a) - lgamma(b)
    let front: Double = exp(scale + a * log(x) + b * log(1 - x)) / a
    func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
    var (c, d) = (1.0, 1 / away(1 - (a + b) * x / (a + 1)))
    var result = d
    for step in 1..<500 {
      let m = Double(step)
      let middle: Double = a + 2 * m
      let even: Double = m * (b - m) * x / ((middle - 1) * middle)
      let odd: Double = -(a + m) * (a + b + m) * x / (middle * (middle + 1))
      for part in [even, odd] {
        d = 1 / away(1 + part * d)
        c = away(1 + part / c)
        result *= c * d
      }
      if abs(c * d - 1) < 1e-15 { break }
    }
    return front * result
  }
}

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
    let reach =
      StudentDistribution.quantile(confidence: confidence, freedom: values.count - 1) * spread / n.squareRoot()
    (deviation, lower, upper) = (spread, mean - reach, mean + reach)
  }
}
