/// A parameter, statistic or moment outside the arena: PyTorch's name, shape and element order.
package struct NamedTensor: Equatable, Sendable {
  package var name: String
  package var shape: [Int]
  package var values: [Float]

  package init(name: String, shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "\(name): shape \(shape) does not hold \(values.count) values")
    (self.name, self.shape, self.values) = (name, shape, values)
  }
}
