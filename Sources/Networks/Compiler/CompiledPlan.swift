import Compute

/// A graph after all passes, with its kernels, schedule and memory plan; no memory yet.
package struct CompiledPlan {
  package let graph: Graph
  /// One for every entry of the graph.
  package let kernels: [any Kernel]
  package let schedule: Schedule
  package let memory: MemoryPlan
  /// The image's.
  package let extent: Extent3

  /// The loss that ends it in training.
  package let loss: AnyLoss?

  /// - Parameter graph: as the model wrote it, ending at the image's extent.
  package init(_ graph: Graph, mode: Mode, loss: AnyLoss = .pixelwise, _ backend: some Backend) {
    let compiled = mode == .inference ? graph.fused.withFoldedNormalizations() : graph.fused
    extent = graph.entries[0].shape.extent
    self.loss = mode == .training ? loss : nil
    kernels = compiled.kernels(backend)
    schedule = Schedule(
      compiled, mode: mode, kernels: kernels,
      headScratch: backend.headScratchBytes(
        logits: compiled.entries[compiled.output].shape, extent: extent, loss: self.loss),
      roundsConvolutions: backend.roundsConvolutions)
    memory = MemoryPlan(schedule)
    self.graph = compiled
  }

  package var headStep: Int { graph.entries.count }
  /// What the last operation writes.
  package var logits: Shape { graph.entries[graph.output].shape }

  /// Names of parameters that this graph never gives a gradient.
  package var parametersWithoutGradient: [String] {
    graph.entries.enumerated().filter { !schedule.hasGradient[$0.offset] }.flatMap { index, entry in
      entry.operation.parameters(of: graph.inputShapes(of: index)).map { (entry.name / $0.name).path }
    }
  }
}

extension Graph {
  /// A kernel for every entry.
  package func kernels(_ backend: some Backend) -> [any Kernel] {
    entries.indices.map { backend.kernel(for: entries[$0].operation, inputs: inputShapes(of: $0)) }
  }
}
