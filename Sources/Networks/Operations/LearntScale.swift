import Compute

/// A residual whose weight is learnt: `y = x + scale · a`, with one parameter `scale` that starts at 0.
package struct LearntScale: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "scaled add" }

  /// The inputs' shape, which must be one.
  package func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "cannot add \(inputs[1]) to \(inputs[0])")
    return inputs[0]
  }

  /// `scale` `[1]`, from 0: the residual starts as its shortcut.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    [ParameterDeclaration("scale", [1], .constant(0))]
  }

  /// a, for the scale's gradient `Σ dy a` over all voxels and channels.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [1]) }
  /// y may take x's memory.
  package var forwardInPlace: Int? { 0 }
  /// x's gradient is `dy` itself and may stay where it is.
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  /// `self + scale · a` with the parameter `name.scale`.
  package func addingScaled(_ a: Node, _ name: Name) -> Node { applying(LearntScale(), with: [a], name) }
}
