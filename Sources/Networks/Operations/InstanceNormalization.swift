import Compute

/// Instance normalisation (Ulyanov et al. 2016), with the leaky ReLU behind it when the fusion pass has found one.
///
///     y = γ (x − μ) / √(σ² + ε) + β,  μ and σ² (biased) over the voxels of one case and channel
///
/// The same in training and inference, as `torch.nn.InstanceNorm3d(affine=True)`: there are no running statistics.
///
/// - Input and output: `[N, D, H, W, C]`; γ, β: `[C]`
package struct InstanceNormalization: Operation {
  /// The slope below zero of the leaky ReLU that alone read the result; nil without one.
  package var slope: Float?
  /// What γ begins with.
  package var weight: Float = 1
  /// ε, added to the variance: PyTorch's default for both norms, and nnU-Net's. Their kernels share it.
  package static let epsilon = BatchNormalization.epsilon

  /// As tables of cost and time name it, with the leaky ReLU where there is one.
  package var kind: String { slope == nil ? "instance norm" : "instance norm+leaky relu" }
  /// The input's shape: every number of the output has its place in the input.
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  /// γ (`weight`) and β (`bias`, from 0), both `[C]`.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    let channels = inputs[0].channels
    return [
      ParameterDeclaration("weight", [channels], .constant(weight)),
      ParameterDeclaration("bias", [channels], .constant(0)),
    ]
  }

  /// The input, with each case's statistics that forward saves; never the output.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  /// y may take x's memory where nobody needs x for backward.
  package var forwardInPlace: Int? { 0 }
  /// x's gradient may take `dy`'s memory, once the sums over a case are made.
  package var backwardInPlace: Int? { 0 }
  /// From input and saved statistics one pass gives y again, so it is not kept.
  package var isCheapToRecompute: Bool { true }
}

extension Node {
  /// Instance normalisation `name.weight`, `name.bias` over the voxels of every case and channel, of which there must be
  /// more than one.
  ///
  /// - Parameter weight: what γ begins with.
  package func instanceNormalized(_ name: Name, weight: Float = 1) -> Node {
    precondition(shape.extent.count > 1, "\(name): one value for each case and channel (\(shape)) cannot be normalised")
    return applying(InstanceNormalization(weight: weight), name)
  }
}
