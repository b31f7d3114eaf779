import Compute

/// What a model costs, known before any memory is taken.
package struct SessionCost: Sendable, Equatable {
  package struct LayerCost: Sendable, Equatable {
    package let name: String
    package let kind: String
    package let output: Shape
    package let parameters: Int
    /// Nominal products of one case's forward pass.
    package let multiplyAdds: Int
    package let outputBytes: Int
    /// The kernel that serves it, where there are several to choose from, and how training stores what it computes, where
    /// that is not float32.
    package let kernel: String?

    package init(
      name: String, kind: String, output: Shape, parameters: Int, multiplyAdds: Int, outputBytes: Int, kernel: String?
    ) {
      (self.name, self.kind, self.output, self.parameters) = (name, kind, output, parameters)
      (self.multiplyAdds, self.outputBytes, self.kernel) = (multiplyAdds, outputBytes, kernel)
    }
  }

  package let parameters: Int
  /// Nominal products of one case's forward pass, zero padding counted.
  package let multiplyAdds: Int
  /// Arena, parameters, gradients, moments and statistics.
  package let trainingBytes: Int
  package let inferenceBytes: Int
  package let layers: [LayerCost]
  /// Parameters that never receive a gradient.
  package let unusedParameters: [String]

  package init(
    parameters: Int, multiplyAdds: Int, trainingBytes: Int, inferenceBytes: Int, layers: [LayerCost],
    unusedParameters: [String]
  ) {
    (self.parameters, self.multiplyAdds, self.trainingBytes) = (parameters, multiplyAdds, trainingBytes)
    (self.inferenceBytes, self.layers, self.unusedParameters) = (inferenceBytes, layers, unusedParameters)
  }
}
