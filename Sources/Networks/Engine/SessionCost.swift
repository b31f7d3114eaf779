import Compute

/// What a model costs, known before any memory is taken.
package struct SessionCost: Sendable, Equatable {
  /// One row of `safnet plan --explain`: an operation of the compiled graph.
  package struct LayerCost: Sendable, Equatable {
    /// The layer's path; empty for an operation without parameters.
    package let name: String
    /// The operation's `kind`: convolution, norm, ...
    package let kind: String
    /// What it writes for one case, `[1, D, H, W, C]`.
    package let output: Shape
    /// How many numbers of it are trained.
    package let parameters: Int
    /// Products of one case's forward pass, those with zero padding counted.
    package let multiplyAdds: Int
    /// Bytes of its activation for one case as training stores it, channel padding included.
    package let outputBytes: Int
    /// The kernel that serves it, where there are several to choose from, and how training stores what it computes, where
    /// that is not float32.
    package let kernel: String?

    /// A row as an engine works it out; engines without layers of their own make none.
    package init(
      name: String, kind: String, output: Shape, parameters: Int, multiplyAdds: Int, outputBytes: Int, kernel: String?
    ) {
      (self.name, self.kind, self.output, self.parameters) = (name, kind, output, parameters)
      (self.multiplyAdds, self.outputBytes, self.kernel) = (multiplyAdds, outputBytes, kernel)
    }
  }

  /// How many numbers are trained.
  package let parameters: Int
  /// Nominal products of one case's forward pass, zero padding counted.
  package let multiplyAdds: Int
  /// Bytes that training takes in all: arena at the largest batch, parameters, gradients, both moments, statistics.
  package let trainingBytes: Int
  /// Bytes that the inference of one case takes in all, parameters included.
  package let inferenceBytes: Int
  /// The compiled graph's operations in order; empty where the engine does not tell.
  package let layers: [LayerCost]
  /// Paths of parameters that never receive a gradient at these shapes, and so keep their initial values.
  package let unusedParameters: [String]

  /// A cost as an engine works it out before it takes any memory.
  package init(
    parameters: Int, multiplyAdds: Int, trainingBytes: Int, inferenceBytes: Int, layers: [LayerCost],
    unusedParameters: [String]
  ) {
    (self.parameters, self.multiplyAdds, self.trainingBytes) = (parameters, multiplyAdds, trainingBytes)
    (self.inferenceBytes, self.layers, self.unusedParameters) = (inferenceBytes, layers, unusedParameters)
  }
}
