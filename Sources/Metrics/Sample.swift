/// Mean and standard deviation of some numbers, together with how many they are.
package struct Sample: Equatable, Sendable {
  package let count: Int
  /// Nil for an empty sample.
  package let mean: Double?
  /// `√(Σ(x − mean)² / (n − 1))`; nil below two numbers, where it is not defined.
  package let deviation: Double?

  package init(_ values: [Double]) {
    count = values.count
    guard !values.isEmpty else { (mean, deviation) = (nil, nil); return }
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = values.count < 2 ? nil : (squares / Double(values.count - 1)).squareRoot()
  }
}
