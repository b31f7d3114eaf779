/// A parameter, statistic or moment outside the arena: PyTorch's name, shape and element order.
package struct NamedTensor: Equatable, Sendable {
  /// The path in PyTorch's form: `low.deep.conv.weight`.
  package var name: String
  /// The sides in PyTorch's order; empty for a single number.
  package var shape: [Int]
  /// All numbers, the last side fastest.
  package var values: [Float]

  /// - Precondition: as many values as the shape has.
  package init(name: String, shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "\(name): shape \(shape) does not hold \(values.count) values")
    (self.name, self.shape, self.values) = (name, shape, values)
  }
}
