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
}

extension SessionCost {
  /// - Parameters:
  ///   - graph: one case's, layer by layer as in training.
  ///   - training: one plan for each size of batch.
  init(graph: Graph, prediction single: CompiledPlan, training: [CompiledPlan]) {
    let layout = ParameterLayout(graph)
    layers = graph.entries.enumerated().map { index, entry in
      let shapes = graph.inputShapes(of: index)
      let storage = training.first?.schedule.storage(of: .activation(index)) ?? .float32
      return LayerCost(
        name: entry.name.path, kind: entry.operation.kind, output: entry.shape,
        parameters: entry.operation.parameters(of: shapes).reduce(0) { $0 + $1.count },
        multiplyAdds: entry.operation.multiplyAdds(shapes),
        outputBytes: entry.shape.storedCount * storage.bytes,
        kernel: entry.operation.chosenKernel(shapes, single.settings).map {
          storage == .float32 ? $0 : "\($0), stored as \(storage)"
        })
    }
    parameters = layout.parameterCount
    multiplyAdds = layers.reduce(0) { $0 + $1.multiplyAdds }
    trainingBytes = ([single] + training).map(\.memory.totalBytes).max()! + ParameterMemory.bytes(layout)
    inferenceBytes = single.memory.totalBytes + (layout.parameterFloats + layout.statisticFloats) * 4
    unusedParameters = training.first?.parametersWithoutGradient ?? []
  }
}
