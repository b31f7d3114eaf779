import Compute

/// Batch normalisation (Ioffe & Szegedy 2015), with the ReLU behind it when the fusion pass has found one.
///
///     y = γ (x − μ) / √(σ² + ε) + β
///
/// Training normalises with the batch's mean and biased variance; the running statistics take the unbiased variance
/// with weight `momentum`, as PyTorch does. The gradients read the input, never the output, whose sign is computed again.
/// The input may be stored as bfloat16; then so is its gradient.
package struct BatchNormalization: Operation {
  /// `y = max(0, ...)`: the ReLU that alone read the result.
  package var rectifies = false
  /// ε, added to the variance; PyTorch's default.
  package static let epsilon = 1e-5
  /// Weight of the newest batch in the running statistics.
  package static let momentum = 0.1

  /// As tables of cost and time name it, with the ReLU where there is one.
  package var kind: String { rectifies ? "norm+relu" : "norm" }
  /// The input's shape: every number of the output has its place in the input.
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }

  /// γ (`weight`, from 1) and β (`bias`, from 0), both `[C]`.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    [
      ParameterDeclaration("weight", [inputs[0].channels], .constant(1)),
      ParameterDeclaration("bias", [inputs[0].channels], .constant(0)),
    ]
  }

  /// The running mean (from 0) and variance (from 1), both `[C]`, and how many batches they have seen.
  package func statistics(of inputs: [Shape]) -> [StatisticDeclaration] {
    [
      StatisticDeclaration("running_mean", [inputs[0].channels], initialValue: 0),
      StatisticDeclaration("running_var", [inputs[0].channels], initialValue: 1),
      StatisticDeclaration("num_batches_tracked", [], initialValue: 0),
    ]
  }

  /// The input, with the batch's statistics that forward saves; never the output.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  /// y may take x's memory where nobody needs x for backward.
  package var forwardInPlace: Int? { 0 }
  /// x's gradient may take `dy`'s memory, once the sums over the batch are made.
  package var backwardInPlace: Int? { 0 }
  /// From input and saved statistics one pass gives y again, so it is not kept.
  package var isCheapToRecompute: Bool { true }
}

extension Node {
  /// Batch normalisation `name.weight`, `name.bias`, `name.running_mean`, `name.running_var`.
  package func batchNormalized(_ name: Name) -> Node { applying(BatchNormalization(), name) }
}
