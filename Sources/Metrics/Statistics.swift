/// The value below which `percent` of the ascending numbers lie: linear between closest ranks, NumPy's default.
///
/// With n numbers and r = percent / 100 · (n − 1): x_⌊r⌋ + (x_⌊r⌋₊₁ − x_⌊r⌋) (r − ⌊r⌋).
package func percentile(_ percent: Double, ofSorted values: [Double]) -> Double {
  precondition(!values.isEmpty && (0...100).contains(percent), "percentile \(percent) of \(values.count) numbers")
  let rank = percent / 100 * Double(values.count - 1)
  let below = Int(rank)
  let above = min(below + 1, values.count - 1)
  return values[below] + (values[above] - values[below]) * (rank - Double(below))
}

/// The mean of the numbers that are there: absent ones (a structure that neither map holds) take no part. Nil if none
/// is.
package func mean(ofCounted values: [Double?]) -> Double? {
  let counted = values.compactMap { $0 }
  return counted.isEmpty ? nil : counted.reduce(0, +) / Double(counted.count)
}
