import Compute

/// A graph after all passes, with its kernels, schedule and memory plan; no memory yet.
package struct CompiledPlan {
  /// The graph that runs: as the model wrote it, with ReLUs fused and the last in-plane resize left to the head; for
  /// inference also with batch normalisations folded into their convolutions.
  package let graph: Graph
  /// The kernel of every entry, at the entry's index, bound to its shapes.
  package let kernels: [any Kernel]
  /// The calls of a step, or of an inference, in order.
  package let schedule: Schedule
  /// Where the schedule's buffers lie in one arena. Nothing is allocated yet.
  package let memory: MemoryPlan
  /// Depth, height and width of the image in voxels; of the result too, whatever the logits' own extent.
  package let extent: Extent3

  /// What the head computes in training; nil for inference.
  package let loss: AnyLoss?

  /// Runs every pass over a graph, binds its kernels and plans its memory.
  ///
  /// - Parameters:
  ///   - graph: as the model wrote it, ending at the image's extent.
  ///   - mode: inference also folds normalisations, which rounds differently from training.
  ///   - loss: ignored for inference.
  ///   - backend: has a kernel for every operation; one that is missing is a programming error and traps.
  package init(_ graph: Graph, mode: Mode, loss: AnyLoss = .pixelwise, _ backend: some Backend) {
    let compiled =
      mode == .inference
      ? graph.withoutAuxiliaries().fused.withFoldedNormalizations() : graph.fusedForTraining
    extent = graph.entries[0].shape.extent
    self.loss = mode == .training ? loss : nil
    kernels = compiled.kernels(backend)
    schedule = Schedule(
      compiled, mode: mode, kernels: kernels,
      headScratch: backend.headScratchBytes(
        supervised: compiled.supervised.map { compiled.entries[$0].shape }, extent: extent, loss: self.loss),
      roundsConvolutions: backend.roundsConvolutions)
    memory = MemoryPlan(schedule)
    self.graph = compiled
  }

  /// The number of the head's step in the schedule: forward calls come first.
  package var headStep: Int { schedule.headStep }
  /// Class scores as the last operation leaves them, `[N, D, H, W, K]`; H and W are smaller than the image's where the
  /// head does the last resize.
  package var logits: Shape { graph.entries[graph.output].shape }

  /// The shapes of everything that is compared with labels: `logits`, then those of deep supervision.
  package var supervised: [Shape] { graph.supervised.map { graph.entries[$0].shape } }

  /// Paths, in PyTorch's form, of parameters that no gradient ever reaches at these shapes: queries and keys of
  /// attention over a single position.
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
