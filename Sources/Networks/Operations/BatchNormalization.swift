import Compute

/// Batch normalisation (Ioffe & Szegedy 2015), with the ReLU behind it when the fusion pass has found one.
///
///     y = γ (x − μ) / √(σ² + ε) + β
///
/// Training normalises with the batch's mean and biased variance; the running statistics take the unbiased variance
/// with weight `momentum`, as PyTorch does. The gradients read the input, never the output, whose sign is computed again.
/// The input may be stored as bfloat16; then so is its gradient.
package struct BatchNormalization: Operation {
  package var rectifies = false
  package static let epsilon = 1e-5
  /// Weight of the newest batch in the running statistics.
  package static let momentum = 0.1

  package var kind: String { rectifies ? "norm+relu" : "norm" }
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    [
      ParameterDeclaration("weight", [inputs[0].channels], .constant(1)),
      ParameterDeclaration("bias", [inputs[0].channels], .constant(0)),
    ]
  }

  package func statistics(of inputs: [Shape]) -> [StatisticDeclaration] {
    [
      StatisticDeclaration("running_mean", [inputs[0].channels], initialValue: 0),
      StatisticDeclaration("running_var", [inputs[0].channels], initialValue: 1),
      StatisticDeclaration("num_batches_tracked", [], initialValue: 0),
    ]
  }

  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  package var forwardInPlace: Int? { 0 }
  package var backwardInPlace: Int? { 0 }
  package var isCheapToRecompute: Bool { true }
}

extension Node {
  /// Batch normalisation `name.weight`, `name.bias`, `name.running_mean`, `name.running_var`.
  package func batchNormalized(_ name: Name) -> Node { applying(BatchNormalization(), name) }
}
