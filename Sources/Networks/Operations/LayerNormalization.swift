import Compute

/// Layer norm over the channels of each voxel.
///
///     y = γ (x − μ) / √(σ² + ε) + β,  μ and σ² (biased) over the voxel's C channels
///
/// - Input and output: `[N, D, H, W, C]`; γ, β: `[C]`
package struct LayerNormalization: Operation {
  /// ConvNeXt's.
  package static let epsilon: Float = 1e-6

  package var kind: String { "layer norm" }
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let channels = inputs[0].channels
    return [
      ParameterDeclaration("weight", [channels], .constant(1)), ParameterDeclaration("bias", [channels], .constant(0)),
    ]
  }

  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  package var forwardInPlace: Int? { 0 }
  package var backwardInPlace: Int? { 0 }
  package var isCheapToRecompute: Bool { true }
}

extension Node {
  /// Layer norm `name.weight`, `name.bias` over channels.
  package func layerNormalized(_ name: Name) -> Node {
    precondition(!isImage, "\(name): layer norm of the image's single channel is constant")
    return applying(LayerNormalization(), name)
  }
}
