/// A parameter that an operation asks for: PyTorch's last name part, shape and default initialisation.
package struct ParameterDeclaration: Sendable {
  /// The last part of the path in PyTorch's form: `weight`, `bias`, `scale`.
  package let name: String
  /// The sides in PyTorch's order.
  package let shape: [Int]
  /// How its values are drawn, or which constant they are.
  package let initialization: Initialization

  /// A declaration; the layer's name is put before its own when the graph is laid out.
  package init(_ name: String, _ shape: [Int], _ initialization: Initialization) {
    (self.name, self.shape, self.initialization) = (name, shape, initialization)
  }

  /// How many numbers it holds.
  package var count: Int { shape.reduce(1, *) }

  /// The same as part of an operation that has no name of its own.
  func named(_ prefix: Name) -> ParameterDeclaration {
    ParameterDeclaration((prefix / name).path, shape, initialization)
  }
}

/// How a parameter's first values are found: PyTorch's default rules.
package enum Initialization: Sendable, Hashable {
  /// Uniform in ±1/√fanIn: what `kaiming_uniform_(a=√5)` of weights and the rule for biases both come to.
  case uniform(fanIn: Int)
  /// Normal numbers around 0.
  case normal(deviation: Double)
  /// The same for all numbers: the weights of normalisations start at 1, their biases at 0.
  case constant(Float)
}

/// What becomes of PyTorch's default rules in a network whose paper has others.
package enum WeightInitialization: Sendable, Hashable {
  /// The defaults of PyTorch's layers.
  case pyTorch
  /// Weights normal with the variance `2 / ((1 + slope²) fanIn)`, biases 0 (He et al. 2015), where a leaky ReLU of that slope
  /// follows: nnU-Net's `InitWeights_He`.
  case he(slope: Double)

  /// What the rule makes of a layer's default.
  func rule(for declared: ParameterDeclaration) -> Initialization {
    switch (self, declared.initialization) {
    case (.he(let slope), .uniform(let fanIn)):
      guard declared.shape.count > 1 else { return .constant(0) }
      return .normal(deviation: (2 / ((1 + slope * slope) * Double(fanIn))).squareRoot())
    case (_, let initialization): return initialization
    }
  }
}

/// A value that follows training without a gradient: running mean, running variance, number of batches.
package struct StatisticDeclaration: Sendable {
  /// The last part of the path in PyTorch's form: `running_mean`.
  package let name: String
  /// The sides in PyTorch's order; empty for a single number.
  package let shape: [Int]
  /// What all its numbers are before the first step.
  package let initialValue: Float

  /// A declaration; the layer's name is put before its own when the graph is laid out.
  package init(_ name: String, _ shape: [Int], initialValue: Float) {
    (self.name, self.shape, self.initialValue) = (name, shape, initialValue)
  }

  /// How many numbers it holds; 1 for an empty shape.
  package var count: Int { shape.reduce(1, *) }

  /// The same as part of an operation that has no name of its own.
  func named(_ prefix: Name) -> StatisticDeclaration {
    StatisticDeclaration((prefix / name).path, shape, initialValue: initialValue)
  }
}
