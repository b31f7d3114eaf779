import Compute

/// Layer norm over the channels of each voxel.
///
///     y = γ (x − μ) / √(σ² + ε) + β,  μ and σ² (biased) over the voxel's C channels
///
/// - Input and output: `[N, D, H, W, C]`; γ, β: `[C]`
package struct LayerNormalization: Operation {
  /// ε, that of ConvNeXt (Liu et al. 2022), not PyTorch's default of 1e-5.
  package static let epsilon: Float = 1e-6

  /// As tables of cost and time name it.
  package var kind: String { "layer norm" }
  /// The input's shape: every number of the output has its place in the input.
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  /// γ (`weight`, from 1) and β (`bias`, from 0), both `[C]`.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let channels = inputs[0].channels
    return [
      ParameterDeclaration("weight", [channels], .constant(1)), ParameterDeclaration("bias", [channels], .constant(0)),
    ]
  }

  /// The input, whose mean and variance are computed again.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  /// y may take x's memory where nobody needs x for backward.
  package var forwardInPlace: Int? { 0 }
  /// x's gradient may take `dy`'s memory: each voxel needs its own only.
  package var backwardInPlace: Int? { 0 }
  /// One pass over the input gives y again, so it is not kept.
  package var isCheapToRecompute: Bool { true }
}

extension Node {
  /// Layer norm `name.weight`, `name.bias` over channels.
  package func layerNormalized(_ name: Name) -> Node {
    precondition(!isImage, "\(name): layer norm of the image's single channel is constant")
    return applying(LayerNormalization(), name)
  }
}
