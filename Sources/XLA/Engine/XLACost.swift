import Compute
import Networks

extension XLAEngine {
  /// Parameters and products from the graph. The bytes are those of this process, which hands tensors, images and labels
  /// over; what the device takes beside them is XLA's decision as it compiles (`memoryNote`).
  package func cost(of request: SessionRequest) -> SessionCost {
    let graph = request.graph(batch: 1)
    let layout = ParameterLayout(graph)
    let tensors = SessionTensors(layout, request.optimiser).all.reduce(0) { $0 + $1.count }
    let largest = request.trainingBatches.flatMap { request.parts.sizes(of: $0) }.max() ?? 0
    let layers = graph.entries.enumerated().map { index, entry in
      let shapes = graph.inputShapes(of: index)
      return SessionCost.LayerCost(
        name: entry.name.path, kind: entry.operation.kind, output: entry.shape,
        parameters: entry.operation.parameters(of: shapes).reduce(0) { $0 + $1.count },
        multiplyAdds: entry.operation.multiplyAdds(shapes), outputBytes: entry.shape.bytes, kernel: nil)
    }
    let float = MemoryLayout<Float>.stride
    let own = float * (layout.parameterCount + layout.statistics.reduce(0) { $0 + $1.count })
    // An image and its labels.
    let example = request.extent.count * (float * request.channels + 1)
    return SessionCost(
      parameters: layout.parameterCount, multiplyAdds: layers.reduce(0) { $0 + $1.multiplyAdds },
      trainingBytes: (tensors + layout.parameterCount) * float + largest * example, inferenceBytes: own + example,
      layers: layers,
      unusedParameters: request.trainingBatches.isEmpty ? [] : graph.parametersWithoutGradient)
  }
}

extension Shape {
  /// Of single precision, without padding.
  fileprivate var bytes: Int { voxels * channels * MemoryLayout<Float>.stride }
}
