/// Holm's step-down correction (1979) for several p values of one table: the k-th smallest of m is multiplied by
/// `m − k + 1`, never falls below its predecessor and never exceeds 1. Order is kept.
package func holmAdjusted(_ pValues: [Double]) -> [Double] {
  var adjusted = pValues
  var largest = 0.0
  for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
    largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
    adjusted[index] = largest
  }
  return adjusted
}
