import Compute

/// Where every parameter and statistic of a network lives: flat memory in graph order, the same for every batch size.
package struct ParameterLayout: Sendable {
  package struct Slot: Sendable {
    package let name: String
    package let shape: [Int]
    package let initialization: Initialization
    /// Floats from the start.
    package let offset: Int
    package var count: Int { shape.reduce(1, *) }
  }

  package private(set) var parameters: [Slot] = []
  package private(set) var statistics: [Slot] = []
  /// Floats in memory, each parameter padded to 16.
  package private(set) var parameterFloats = 0
  package private(set) var statisticFloats = 0

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

  package var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
}

extension ParameterLayout {
  /// PyTorch's default rules; a parameter's values depend on the seed and on its place among the sorted names only, so
  /// that every engine starts from the same.
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
