/// A parameter that an operation asks for: PyTorch's last name part, shape and default initialisation.
package struct ParameterDeclaration: Sendable {
  package let name: String
  package let shape: [Int]
  package let initialization: Initialization

  package init(_ name: String, _ shape: [Int], _ initialization: Initialization) {
    (self.name, self.shape, self.initialization) = (name, shape, initialization)
  }

  package var count: Int { shape.reduce(1, *) }

  /// The same as part of an operation that has no name of its own.
  func named(_ prefix: Name) -> ParameterDeclaration {
    ParameterDeclaration((prefix / name).path, shape, initialization)
  }
}

/// PyTorch's default rules.
package enum Initialization: Sendable, Hashable {
  /// Uniform in ±1/√fanIn: what `kaiming_uniform_(a=√5)` of weights and the rule for biases both come to.
  case uniform(fanIn: Int)
  case constant(Float)
}

/// A value that follows training without a gradient: running mean, running variance, number of batches.
package struct StatisticDeclaration: Sendable {
  package let name: String
  package let shape: [Int]
  package let initialValue: Float

  package init(_ name: String, _ shape: [Int], initialValue: Float) {
    (self.name, self.shape, self.initialValue) = (name, shape, initialValue)
  }

  package var count: Int { shape.reduce(1, *) }

  /// The same as part of an operation that has no name of its own.
  func named(_ prefix: Name) -> StatisticDeclaration {
    StatisticDeclaration((prefix / name).path, shape, initialValue: initialValue)
  }
}
