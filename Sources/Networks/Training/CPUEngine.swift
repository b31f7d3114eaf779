import Compute

/// This machine's processor, with the fastest kernels it has.
package struct CPUEngine: Engine {
  package let name = "cpu"
  package var hardware: String { InstructionSet.best.rawValue }

  package init() {}

  package func obstacle(to request: SessionRequest) -> String? { nil }

  package func cost(of request: SessionRequest) -> SessionCost {
    func graph(batch: Int) -> Graph {
      request.model.graph(batch: batch, extent: request.extent, classes: request.classes)
    }
    let settings = ExecutionSettings(precision: request.precision, workers: request.threads)
    let single = graph(batch: 1)
    return SessionCost(
      graph: single.fused, prediction: CompiledPlan(single, mode: .inference, settings),
      training: Set(request.trainingBatches).sorted().map {
        CompiledPlan(graph(batch: $0), mode: .training, settings)
      })
  }

  package func session(_ request: SessionRequest) -> any NetworkSession {
    CPUSession(
      model: request.model, extent: request.extent, classes: request.classes, trainingBatches: request.trainingBatches,
      loss: request.loss, adam: request.adam, precision: request.precision, pool: WorkerPool(threads: request.threads))
  }

  package func peakMultiplyAddsPerSecond(threads: Int) -> Double? {
    MeasuredPeak.multiplyAddsPerSecond(pool: WorkerPool(threads: threads))
  }
}
