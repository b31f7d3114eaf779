import Compute

/// A graph after all passes, with schedule and memory plan; no memory yet.
package struct CompiledPlan: Sendable {
  package let graph: Graph
  package let head: Head
  package let schedule: Schedule
  package let memory: MemoryPlan
  package let settings: ExecutionSettings

  /// - Parameter graph: as the model wrote it, ending at the image's extent.
  package init(_ graph: Graph, mode: Mode, _ settings: ExecutionSettings) {
    let extent = graph.entries[0].shape.extent
    self.graph = mode == .inference ? graph.fused.withFoldedNormalizations() : graph.fused
    head = Head(logits: self.graph.entries[self.graph.output].shape, extent: extent)
    schedule = Schedule(
      self.graph, mode: mode, headScratch: head.scratchBytes(workers: settings.workers), settings)
    memory = MemoryPlan(schedule)
    self.settings = settings
  }

  var headStep: Int { graph.entries.count }

  /// Names of parameters that this graph never gives a gradient.
  package var parametersWithoutGradient: [String] {
    graph.entries.enumerated().filter { !schedule.hasGradient[$0.offset] }.flatMap { index, entry in
      entry.operation.parameters(of: graph.inputShapes(of: index)).map { (entry.name / $0.name).path }
    }
  }
}
