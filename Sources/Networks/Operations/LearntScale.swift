import Compute

/// A residual whose weight is learnt: `y = x + scale · a`, with one parameter `scale` that starts at 0.
package struct LearntScale: Operation {
  package var kind: String { "scaled add" }

  package func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "cannot add \(inputs[1]) to \(inputs[0])")
    return inputs[0]
  }

  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    [ParameterDeclaration("scale", [1], .constant(0))]
  }

  package var backwardReads: BackwardReads { BackwardReads(inputs: [1]) }
  package var forwardInPlace: Int? { 0 }
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  /// `self + scale · a` with the parameter `name.scale`.
  package func addingScaled(_ a: Node, _ name: Name) -> Node { applying(LearntScale(), with: [a], name) }
}
