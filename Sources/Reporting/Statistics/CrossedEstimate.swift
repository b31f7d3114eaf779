import Metrics

/// A mean, or a difference of two means, of *methods*: it varies with the cases that are tested and with the seeds that
/// the networks are trained with.
///
/// Two tests must agree. Over cases and seeds together, with both taken as random (Clark's minF', 1973, a lower bound of
/// the quasi-F of the crossed model; degrees of freedom by Satterthwaite 1946):
///
///     t = m / √(V_c + V_s),   ν = (V_c + V_s)² / (V_c² / ν_c + V_s² / ν_s)
///
/// and over seeds alone, whose degrees are few (Welch 1947): t = m / √V_s with ν_s. V_c is the variance of the mean over
/// cases of the cases' scores, each a mean over seeds (`ClusteredSample`); V_s is Σ s² / S over the methods, s the standard
/// deviation over the S seeds of the mean over all cases. p is the larger of both p values, an interval reaches as far as
/// the wider of both.
///
/// Seeds are not paired: a seed means nothing across networks.
package struct CrossedEstimate: Equatable, Sendable {
  package let mean: Double
  package let caseVariance, seedVariance: Double
  package let caseDegrees, seedDegrees: Double

  /// - Parameters:
  ///   - cases: the cases' scores, or their differences.
  ///   - seedMeans: of each method, by seed: its mean over all these cases.
  /// - Returns: nil below two patients or two seeds, and where a number is not finite.
  package init?(_ cases: ClusteredSample, seedMeans: [[Double]]) {
    let samples = seedMeans.map(Sample.init)
    guard let mean = cases.mean, let variance = cases.variance, !samples.isEmpty,
      seedMeans.allSatisfy({ $0.allSatisfy(\.isFinite) })
    else { return nil }
    let shares = samples.compactMap { one in one.deviation.map { $0 * $0 / Double(one.count) } }
    guard shares.count == samples.count else { return nil }
    self.mean = mean
    (caseVariance, caseDegrees) = (variance, cases.degrees)
    seedVariance = shares.reduce(0, +)
    let weights = zip(shares, samples).reduce(0) { $0 + $1.0 * $1.0 / Double($1.1.count - 1) }
    seedDegrees = weights > 0 ? seedVariance * seedVariance / weights : Double(samples.reduce(0) { $0 + $1.count - 1 })
  }

  /// Two-sided, of the mean being 0; 1 where it is exactly 0, nil where it is not and nothing varies.
  package var pValue: Double? {
    if mean == 0 { return 1 }
    guard variance > 0 else { return nil }
    let together = 2 * StudentT(degrees: degrees).tail(beyond: mean / variance.squareRoot())
    guard seedVariance > 0 else { return together }
    return max(together, 2 * StudentT(degrees: seedDegrees).tail(beyond: mean / seedVariance.squareRoot()))
  }

  /// Of the mean; one point where nothing varies.
  package var interval: Interval { Interval(mean, halfWidth: reach([1 - Interval.leftOut])) }

  /// The difference that a test at 5 % finds with a probability of 80 %: δ = (t₍₀.₉₇₅, ν₎ + t₍₀.₈₀, ν₎) √V, the larger of
  /// both tests'.
  package var detectable: Double { reach([1 - Interval.leftOut, 0.8]) }

  private var variance: Double { caseVariance + seedVariance }

  private var degrees: Double {
    variance * variance
      / (caseVariance * caseVariance / caseDegrees + seedVariance * seedVariance / seedDegrees)
  }

  private func reach(_ quantiles: [Double]) -> Double {
    guard variance > 0 else { return 0 }
    func reach(_ variance: Double, _ degrees: Double) -> Double {
      quantiles.reduce(0) { $0 + StudentT(degrees: degrees).quantile($1) } * variance.squareRoot()
    }
    return max(reach(variance, degrees), seedVariance > 0 ? reach(seedVariance, seedDegrees) : 0)
  }
}
