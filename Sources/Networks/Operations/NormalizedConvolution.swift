import Compute

/// A convolution, the batch normalisation behind it by known statistics, and the ReLU behind that where there is one: what
/// inference makes of the three, without a pass over memory for the last two.
///
///     y = s (W ∗ x) + s (b − μ) + β,  s = γ / √(σ² + ε),  μ and σ² the running statistics
package struct NormalizedConvolution: Operation {
  /// The convolution: its weights W and, where it has one, its bias b.
  package let convolution: Convolution
  /// The normalisation: γ and β, and the running μ and σ²; with the ReLU where there is one.
  package let norm: BatchNormalization
  /// What the parameters of the two are called.
  package let names: (convolution: Name, norm: Name)

  /// As tables of cost and time name it: the two operations that it was made of.
  package var kind: String { "convolution+\(norm.kind)" }
  /// The output shape of the convolution, which the normalisation keeps.
  package func outputShape(of inputs: [Shape]) -> Shape { convolution.outputShape(of: inputs) }

  /// Those of both under their own layers' paths, so that a checkpoint fits either way.
  package func parameters(of inputs: [Shape]) -> [ParameterDeclaration] {
    convolution.parameters(of: inputs).map { $0.named(names.convolution) }
      + norm.parameters(of: [outputShape(of: inputs)]).map { $0.named(names.norm) }
  }

  /// The normalisation's, under its own layer's path.
  package func statistics(of inputs: [Shape]) -> [StatisticDeclaration] {
    norm.statistics(of: [outputShape(of: inputs)]).map { $0.named(names.norm) }
  }

  /// The products of the convolution; the normalisation adds none.
  package func multiplyAdds(_ inputs: [Shape]) -> Int { convolution.multiplyAdds(inputs) }
}

extension NormalizedConvolution {
  /// The same two operations under the same names.
  package static func == (left: Self, right: Self) -> Bool {
    left.convolution == right.convolution && left.norm == right.norm && left.names == right.names
  }

  /// By what `==` compares.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(convolution)
    hasher.combine(norm)
    hasher.combine(names.convolution)
    hasher.combine(names.norm)
  }
}
