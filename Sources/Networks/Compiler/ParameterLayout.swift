import Compute

/// Where every parameter and statistic of a network lives: flat memory in graph order, the same for every batch size.
package struct ParameterLayout: Sendable {
  /// The place of one parameter or statistic.
  package struct Slot: Sendable {
    /// The full path, in PyTorch's form: `low.deep.conv.weight`.
    package let name: String
    /// The sides in PyTorch's order; empty for a single number.
    package let shape: [Int]
    /// How its values are drawn, or which constant they are.
    package let initialization: Initialization
    /// Floats from the start of the memory of parameters, or of statistics; a multiple of 16.
    package let offset: Int
    /// How many numbers it holds, padding not counted.
    package var count: Int { shape.reduce(1, *) }
  }

  /// Everything that a gradient changes, in graph order; gradients and both of Adam's moments have the same layout.
  package private(set) var parameters: [Slot] = []
  /// Everything that training changes without a gradient, in graph order.
  package private(set) var statistics: [Slot] = []
  /// Floats that the parameters take, each padded to a multiple of 16.
  package private(set) var parameterFloats = 0
  /// Floats that the statistics take, each padded to a multiple of 16.
  package private(set) var statisticFloats = 0

  /// Collects what the graph's operations declare. Batch size and extent do not matter, only channels.
  package init(_ graph: Graph) {
    for (index, entry) in graph.entries.enumerated() {
      let shapes = graph.inputShapes(of: index)
      for declaration in entry.operation.parameters(of: shapes) {
        let name = (entry.name / declaration.name).path
        parameters.append(
          Slot(
            name: name, shape: declaration.shape, initialization: graph.initialization.rule(for: declaration),
            offset: parameterFloats))
        parameterFloats += (declaration.count + 15) / 16 * 16
      }
      for declaration in entry.operation.statistics(of: shapes) {
        let name = (entry.name / declaration.name).path
        statistics.append(
          Slot(
            name: name, shape: declaration.shape, initialization: .constant(declaration.initialValue),
            offset: statisticFloats))
        statisticFloats += (declaration.count + 15) / 16 * 16
      }
    }
  }

  /// How many numbers are trained, padding not counted: what a paper calls the number of parameters.
  package var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
}

/// What a parameter's initial values depend on, besides the seed.
package enum InitialWeights: String, CaseIterable, Sendable {
  /// Its place among the sorted names: another layer changes the values of all behind it.
  case byPlace
  /// Its name alone: networks of one seed begin with the same values where they have the same layers.
  case byName
}

extension ParameterLayout {
  /// Draws every initial value by its slot's rule. A parameter's values depend on the seed and on its place
  /// among the sorted names, or on its name, only, so that every engine starts from the same.
  ///
  /// - Parameter body: gets the slot and the source of its values, one after another, none of which is kept here: the
  ///   largest weights have tens of megabytes.
  package func forEachInitialValue(
    seed: UInt64, _ rule: InitialWeights = .byPlace, _ body: (Slot, _ isStatistic: Bool, _ next: () -> Float) -> Void
  ) {
    for (index, slot) in statistics.enumerated() {
      visit(slot, isStatistic: true, RandomStream(seed: seed, purpose: .initialWeights, index: index), body)
    }
    for (index, slot) in parameters.sorted(by: { $0.name < $1.name }).enumerated() {
      let (epoch, index) = rule == .byName ? (1, Self.key(slot.name)) : (0, index)
      visit(
        slot, isStatistic: false, RandomStream(seed: seed, purpose: .initialWeights, epoch: epoch, index: index), body)
    }
  }

  /// FNV-1a, 32 bits (Fowler, Noll, Vo): the same number on every machine.
  private static func key(_ name: String) -> Int {
    Int(name.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 })
  }

  private func visit(
    _ slot: Slot, isStatistic: Bool, _ stream: RandomStream, _ body: (Slot, Bool, () -> Float) -> Void
  ) {
    switch slot.initialization {
    case .constant(let value): body(slot, isStatistic) { value }
    case .uniform(let fanIn):
      let bound = 1 / Float(fanIn).squareRoot()
      var stream = stream
      body(slot, isStatistic) { stream.nextUniform(in: -bound...bound) }
    case .normal(let deviation):
      var (stream, second) = (stream, Float?.none)
      body(slot, isStatistic) {
        if let value = second {
          second = nil
          return value
        }
        let (one, other) = stream.nextNormalPair()
        second = Float(deviation * other)
        return Float(deviation * one)
      }
    }
  }
}
