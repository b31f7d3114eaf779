import Compute

/// `y = a + b`, with the ReLU behind it when the fusion pass has found one.
package struct Addition: Operation {
  /// `y = max(0, a + b)`: the ReLU that alone read the sum.
  package var rectifies = false

  /// As tables of cost and time name it, with the ReLU where there is one.
  package var kind: String { rectifies ? "add+relu" : "add" }

  /// The inputs' shape, which must be one: nothing is broadcast.
  package func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "cannot add \(inputs[0]) and \(inputs[1])")
    return inputs[0]
  }

  /// With the ReLU the output, whose sign says where the gradient passes; without it both gradients are `dy`.
  package var backwardReads: BackwardReads { BackwardReads(output: rectifies) }
  /// y may take a's memory: every sum needs its own two numbers only.
  package var forwardInPlace: Int? { 0 }
  /// a's gradient may take `dy`'s memory; b's is then a copy of it.
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  /// `a + b`, voxel by voxel and channel by channel; shapes must be equal.
  package static func + (a: Node, b: Node) -> Node { a.applying(Addition(), with: [b]) }
}
