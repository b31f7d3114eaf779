import Foundation

/// Student's t distribution with any positive number of degrees of freedom, whole or not.
///
/// With x = ν / (ν + t²), the tail beyond |t| is I_x(ν/2, 1/2) / 2; the regularised incomplete beta function I_x is its
/// continued fraction (NIST Digital Library of Mathematical Functions, 8.17.22), by Lentz's method.
package struct StudentT: Equatable, Sendable {
  package let degrees: Double

  package init(degrees: Double) {
    precondition(degrees > 0, "Student's t has a positive number of degrees of freedom, not \(degrees)")
    self.degrees = degrees
  }

  /// P(T > |t|); small tails keep their digits. 0 for an infinite t.
  package func tail(beyond t: Double) -> Double {
    let ratio = t * t / degrees
    guard ratio.isFinite else { return 0 }
    let (a, x, rest) = (degrees / 2, 1 / (1 + ratio), ratio / (1 + ratio))
    guard rest > 0 else { return 0.5 }
    let front = exp(Self.logOfHalfStep(a) - a * log1p(ratio) + 0.5 * log(rest)) / Double.pi.squareRoot()
    // The fraction converges fast on its own side of the mean, (a + 1) / (a + b + 2).
    return x < (a + 1) / (a + 2.5)
      ? 0.5 * front * Self.fraction(a, 0.5, x) / a : 0.5 - front * Self.fraction(0.5, a, rest)
  }

  /// P(T ≤ t).
  package func probability(upTo t: Double) -> Double {
    t > 0 ? 1 - tail(beyond: t) : tail(beyond: t)
  }

  /// The t below which lies a share `p` of the distribution, 0 < p < 1.
  package func quantile(_ p: Double) -> Double {
    precondition(p > 0 && p < 1, "a quantile lies between 0 and 1, not at \(p)")
    guard p != 0.5 else { return 0 }
    let share = min(p, 1 - p)
    let distance = descent(from: 0) { tail(beyond: $0) > share }
    return p < 0.5 ? -distance : distance
  }

  /// ln Γ(a + ½) − ln Γ(a); by Stirling's series where the difference of both would lose digits.
  private static func logOfHalfStep(_ a: Double) -> Double {
    guard a > 40 else { return lgamma(a + 0.5) - lgamma(a) }
    let square = a * a
    return 0.5 * log(a) - (1 / 8 - (1 / 192 - (1 / 640 - 17 / 14336 / square) / square) / square) / a
  }

  private static func lgamma(_ x: Double) -> Double { Foundation.lgamma(x).0 }

  /// The continued fraction of I_x(a, b) · a B(a, b) / (xᵃ (1 − x)ᵇ).
  private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
    var (c, d) = (1.0, 1 / nonzero(1 - (a + b) * x / (a + 1)))
    var value = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      var factor = 1.0
      for term in [even, odd] {
        (c, d) = (nonzero(1 + term / c), 1 / nonzero(1 + term * d))
        factor = c * d
        value *= factor
      }
      if abs(factor - 1) < 1e-16 { break }
    }
    return value
  }
}

/// The standard normal distribution.
package enum Normal {
  /// P(Z ≤ z); small tails keep their digits.
  package static func probability(upTo z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// The z below which lies a share `p`; infinite at 0 and 1.
  package static func quantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p <= 0 ? -.infinity : .infinity }
    guard p != 0.5 else { return 0 }
    let share = min(p, 1 - p)
    let distance = descent(from: 0) { probability(upTo: -$0) > share }
    return p < 0.5 ? -distance : distance
  }
}

/// Where a falling function meets its share: halving until no number lies between.
private func descent(from start: Double, isAbove: (Double) -> Bool) -> Double {
  var (low, high) = (start, 1.0)
  while isAbove(high) { (low, high) = (high, 2 * high) }
  while true {
    let middle = low + (high - low) / 2
    guard middle > low, middle < high else { return high }
    if isAbove(middle) { low = middle } else { high = middle }
  }
}
