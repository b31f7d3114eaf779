import Metrics

/// Numbers of test cases, those of one patient together: what a mean over cases rests on, and how sure one can be of it.
///
/// Cases of one patient are no independent observations. The variance of the mean m of n numbers in G groups, with the
/// sum S_g of the n_g numbers of each, is the cluster-robust one (Liang and Zeger 1986; statsmodels' `cluster`):
///
///     V = G / (G − 1) · Σ (S_g − n_g m)² / n²
///
/// With one case per patient, this is s² / n.
package struct ClusteredSample: Equatable, Sendable {
  package let values: [Double]
  /// By patient, in the order of their first case.
  package let sums: [Double]
  package let counts: [Int]

  /// - Parameter groups: the patient of each number; nil: one patient each.
  package init(_ values: [Double], groups: [String]? = nil) {
    self.values = values
    guard let groups else {
      (sums, counts) = (values, Array(repeating: 1, count: values.count))
      return
    }
    precondition(groups.count == values.count, "\(groups.count) patients for \(values.count) numbers")
    var places: [String: Int] = [:]
    var (sums, counts): ([Double], [Int]) = ([], [])
    for (group, value) in zip(groups, values) {
      let place = places[group] ?? sums.count
      if place == sums.count {
        places[group] = place
        sums.append(0)
        counts.append(0)
      }
      sums[place] += value
      counts[place] += 1
    }
    (self.sums, self.counts) = (sums, counts)
  }

  /// Nil for no numbers, and where one of them is not finite.
  package var mean: Double? { values.allSatisfy(\.isFinite) ? Sample(values).mean : nil }

  /// Of the mean; nil below two patients.
  package var variance: Double? {
    guard let mean, counts.count > 1 else { return nil }
    let squares = zip(sums, counts).reduce(0) { sum, group in
      let residual = group.0 - Double(group.1) * mean
      return sum + residual * residual
    }
    let (n, groups) = (Double(values.count), Double(counts.count))
    return groups / (groups - 1) * squares / (n * n)
  }

  /// Patients − 1.
  package var degrees: Double { Double(counts.count - 1) }
}

/// From a lower to an upper end.
package struct Interval: Equatable, Codable, Sendable {
  package let lower, upper: Double

  package init(lower: Double, upper: Double) { (self.lower, self.upper) = (lower, upper) }

  init(_ centre: Double, halfWidth: Double) { self.init(lower: centre - halfWidth, upper: centre + halfWidth) }

  /// In percent, of every interval here.
  package static let confidence = 95.0
  /// The share that a two-sided interval leaves out on each side.
  static let leftOut = (100 - confidence) / 200
}

extension ClusteredSample {
  /// Student's interval of the mean: m ± t₍₀.₉₇₅, G−1₎ √V. Nil below two patients; one point where nothing varies.
  package var studentInterval: Interval? {
    guard let mean, let variance else { return nil }
    let t = StudentT(degrees: degrees).quantile(1 - Interval.leftOut)
    return Interval(mean, halfWidth: t * variance.squareRoot())
  }

  /// How probable it is that the mean's sign is wrong: t_{n−1}(−|m| / √V).
  ///
  /// With differences of two methods A and B that is the probability of a false claim of superiority (Christodoulou et
  /// al. 2025, arXiv 2505.04720), t_{n−1}(√n (m_B − m_A) / √(s_A² + s_B² − 2 s_A s_B r_AB)). At most ½. Nil below two
  /// patients, and where a difference has no variance at all.
  package var wrongSignProbability: Double? {
    guard let mean, let variance else { return nil }
    if mean == 0 { return 0.5 }
    guard variance > 0 else { return nil }
    return StudentT(degrees: degrees).tail(beyond: mean / variance.squareRoot())
  }
}
