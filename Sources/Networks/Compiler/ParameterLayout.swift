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
            name: name, shape: declaration.shape, initialization: declaration.initialization, offset: parameterFloats))
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

extension ParameterLayout {
  /// Draws every initial value by PyTorch's default rules. A parameter's values depend on the seed and on its place
  /// among the sorted names only, so that every engine starts from the same.
  ///
  /// - Parameter body: called once for each slot, statistics first, with values in PyTorch's layout.
  package func forEachInitialValue(seed: UInt64, _ body: (Slot, _ isStatistic: Bool, _ values: [Float]) -> Void) {
    for slot in statistics { body(slot, true, slot.initialization.values(slot.count) { _ in 0 }) }
    for (index, slot) in parameters.sorted(by: { $0.name < $1.name }).enumerated() {
      var stream = RandomStream(seed: seed, purpose: .initialWeights, index: index)
      body(slot, false, slot.initialization.values(slot.count) { stream.nextUniform(in: -$0...$0) })
    }
  }
}

extension Initialization {
  /// - Parameter draw: the next number, uniform between plus and minus its argument.
  fileprivate func values(_ count: Int, _ draw: (Float) -> Float) -> [Float] {
    switch self {
    case .constant(let value): return Array(repeating: value, count: count)
    case .uniform(let fanIn):
      let bound = 1 / Float(fanIn).squareRoot()
      return (0..<count).map { _ in draw(bound) }
    }
  }
}
