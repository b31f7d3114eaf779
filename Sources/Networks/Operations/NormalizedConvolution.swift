import Compute

/// A convolution, the batch normalisation behind it by known statistics, and the ReLU behind that where there is one: what
/// inference makes of the three, without a pass over memory for the last two.
///
///     y = s (W ∗ x) + s (b − μ) + β,  s = γ / √(σ² + ε),  μ and σ² the running statistics
package struct NormalizedConvolution: Operation {
  package let convolution: Convolution
  package let norm: BatchNormalization
  /// What the parameters of the two are called.
  package let names: (convolution: Name, norm: Name)

  package var kind: String { "convolution+\(norm.kind)" }
  package func outputShape(of inputs: [Shape]) -> Shape { convolution.outputShape(of: inputs) }

  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    convolution.parameters(of: inputs).map { $0.named(names.convolution) }
      + norm.parameters(of: [outputShape(of: inputs)]).map { $0.named(names.norm) }
  }

  package func statistics(of inputs: [Shape]) -> [StatisticDeclaration] {
    norm.statistics(of: [outputShape(of: inputs)]).map { $0.named(names.norm) }
  }

  package func multiplyAdds(_ inputs: [Shape]) -> Int { convolution.multiplyAdds(inputs) }
}
