import Compute

/// ConvNeXt's layer scale with the residual it belongs to: `y = shortcut + scale(c) x`, one learnt factor per channel.
///
/// - Inputs: shortcut and x `[N, D, H, W, C]`; scale: `[C]`
/// - Output: `[N, D, H, W, C]`
///
/// The shortcut's gradient is `dy` itself.
package struct LayerScale: Operation {
  /// What every factor starts at; ConvNeXt takes 1e-6.
  package let initialValue: Float

  /// As tables of cost and time name it.
  package var kind: String { "layer scale" }

  /// The inputs' shape, which must be one.
  package func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "cannot add \(inputs[1]) to \(inputs[0])")
    return inputs[0]
  }

  /// `scale` `[C]`, from `initialValue`.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    [ParameterDeclaration("scale", [inputs[0].channels], .constant(initialValue))]
  }

  /// x, for the factors' gradient `Σ dy x` over voxels.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [1]) }
  /// y may take the shortcut's memory.
  package var forwardInPlace: Int? { 0 }
  /// The shortcut's gradient is `dy` itself and may stay where it is.
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  /// `self + scale(c) x` with the parameter `name.scale`, one number per channel.
  package func adding(layerScaled x: Node, initialValue: Float, _ name: Name) -> Node {
    applying(LayerScale(initialValue: initialValue), with: [x], name)
  }
}
