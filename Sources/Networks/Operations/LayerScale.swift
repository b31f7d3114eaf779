import Compute

/// ConvNeXt's layer scale with the residual it belongs to: `y = shortcut + scale(c) x`, one learnt factor per channel.
///
/// - Inputs: shortcut and x `[N, D, H, W, C]`; scale: `[C]`
/// - Output: `[N, D, H, W, C]`
///
/// The shortcut's gradient is `dy` itself.
package struct LayerScale: Operation {
  package let initialValue: Float

  package var kind: String { "layer scale" }

  package func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "cannot add \(inputs[1]) to \(inputs[0])")
    return inputs[0]
  }

  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    [ParameterDeclaration("scale", [inputs[0].channels], .constant(initialValue))]
  }

  package var backwardReads: BackwardReads { BackwardReads(inputs: [1]) }
  package var forwardInPlace: Int? { 0 }
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  /// `self + scale(c) x` with the parameter `name.scale`, one number per channel.
  package func adding(layerScaled x: Node, initialValue: Float, _ name: Name) -> Node {
    applying(LayerScale(initialValue: initialValue), with: [x], name)
  }
}
