import CPU
import Compute
import Models
import Networks
import Testing

/// Every operation of every network has a kernel, in training and, folded, in inference.
struct KernelTests {
  @Test(arguments: smallModels + networks.map { ModelConfiguration($0.init()) })
  func everyOperationHasOne(_ model: ModelConfiguration) {
    let graph = model.graph(batch: 1, extent: Extent3(18, 64, 32), classes: 4)
    for graph in [graph, graph.fused, graph.fusedForTraining, graph.fused.withFoldedNormalizations()] {
      for entry in graph.entries {
        #expect(entry.operation is any CPUOperation, "\(entry.operation.kind) of \(entry.name)")
      }
    }
  }
}
