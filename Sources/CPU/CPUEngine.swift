import Compute
import Foundation
import Networks

/// This machine's processor, with the fastest kernels it has.
package struct CPUEngine: Engine {
  /// `--engine cpu`, and what is used without it.
  package let name = "cpu"
  /// The best instruction set that processor and system have.
  package var hardware: String { InstructionSet.best.rawValue }

  private let simulatesThreads: Bool

  /// It has no state: every session plans and allocates its own memory.
  package init() { self.init(simulatesThreads: false) }

  private init(simulatesThreads: Bool) { self.simulatesThreads = simulatesThreads }

  /// The same kernels, planned for as many threads as are asked for.
  package var simulatingThreads: (any Engine)? { CPUEngine(simulatesThreads: true) }

  /// None: every operation, loss and precision has a kernel, rounded or not.
  package func obstacle(to request: SessionRequest) -> String? { nil }

  /// From the memory plans alone, before any memory is taken.
  package func cost(of request: SessionRequest) -> SessionCost {
    func graph(batch: Int) -> Graph {
      request.model.graph(
        batch: batch, extent: request.extent, classes: request.classes, channels: request.channels)
    }
    let cpu = CPUBackend(precision: request.precision, workers: request.threads)
    let single = graph(batch: 1)
    return SessionCost(
      graph: single.fusedForTraining, cpu, request, prediction: CompiledPlan(single, mode: .inference, cpu),
      training: Set(request.trainingBatches.flatMap { request.parts.sizes(of: $0) }).sorted().map {
        CompiledPlan(graph(batch: $0), mode: .training, loss: request.loss, cpu)
      })
  }

  /// A session with its own worker threads, arena and parameters.
  package func session(_ request: SessionRequest) throws -> any NetworkSession {
    try CPUSession(
      model: request.model, extent: request.extent, channels: request.channels, classes: request.classes,
      trainingBatches: request.trainingBatches, loss: request.loss, classWeights: request.classWeights,
      optimiser: request.optimiser, initialWeights: request.initialWeights, parts: request.parts,
      precision: request.precision,
      pool: simulatesThreads
        ? WorkerPool(simulating: request.threads) : WorkerPool(startingOnProcessor: request.threads))
  }

  /// The best of some rounds of independent multiply-adds in registers, on all threads at once.
  package func peakMultiplyAddsPerSecond(threads: Int) -> Double? {
    Self.peak(WorkerPool(ofProcessor: threads))
  }

  /// The best of some copies of memory that no cache holds, every thread a part of it.
  package func peakBytesPerSecond(threads: Int) -> Double? {
    let (bytes, pool) = (128 << 20, WorkerPool(ofProcessor: threads))
    let (source, target) = (AlignedBuffer<UInt8>(count: bytes), AlignedBuffer<UInt8>(count: bytes))
    // Pages come into being when they are first written.
    source.base.update(repeating: 1, count: bytes)
    target.base.update(repeating: 2, count: bytes)
    let seconds = (0..<6).map { _ in
      let start = DispatchTime.now().uptimeNanoseconds
      pool.forEachOnce(bytes >> 12) { range, _ in
        let (first, count) = (range.lowerBound << 12, range.count << 12)
        (target.base + first).update(from: source.base + first, count: count)
      }
      return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }
    return seconds.min().map { 2 * Double(bytes) / $0 }
  }

  /// From the plan alone, before any memory is taken.
  package func traffic(of request: SessionRequest, batch: Int) -> [CallTraffic] {
    let graph = request.model.graph(
      batch: batch, extent: request.extent, classes: request.classes, channels: request.channels)
    let cpu = CPUBackend(precision: request.precision, workers: request.threads)
    return CompiledPlan(graph, mode: .training, loss: request.loss, cpu).traffic
  }

  /// Fused multiply-adds in registers on every thread of a pool, per second: the best of some bursts of milliseconds, so
  /// that a busy moment does not count.
  private static func peak(_ pool: WorkerPool, rounds: Int = 12, perRound: Int = 400_000) -> Double {
    let kernels = CPUBackend(workers: pool.threads).kernels
    let sinks = AlignedBuffer<Float>(count: 16 * pool.threads)
    return (0..<rounds).map { _ in
      let start = DispatchTime.now().uptimeNanoseconds
      pool.run { worker, _ in _ = kernels.multiply_adds(perRound, sinks.base + 16 * worker) }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
      return Double(pool.threads * perRound * 256) / seconds
    }.max()!
  }
}

extension SessionCost {
  /// - Parameters:
  ///   - graph: one case's, layer by layer as in training.
  ///   - training: one plan for each size of batch.
  fileprivate init(
    graph: Graph, _ cpu: CPUBackend, _ request: SessionRequest, prediction single: CompiledPlan,
    training: [CompiledPlan]
  ) {
    let layout = ParameterLayout(graph)
    let hasParts = request.trainingBatches.contains { request.parts.sizes(of: $0).count > 1 }
    let parameterBytes =
      ParameterMemory.bytes(layout, request.optimiser) + (hasParts ? PartSums.bytes(layout) : 0)
    let kernels = graph.kernels(cpu)
    let layers = graph.entries.enumerated().map { index, entry in
      let shapes = graph.inputShapes(of: index)
      let storage = training.first?.schedule.storage(of: .activation(index)) ?? .float32
      return LayerCost(
        name: entry.name.path, kind: entry.operation.kind, output: entry.shape,
        parameters: entry.operation.parameters(of: shapes).reduce(0) { $0 + $1.count },
        multiplyAdds: entry.operation.multiplyAdds(shapes),
        outputBytes: entry.shape.storedCount * storage.bytes,
        kernel: kernels[index].choice.map { storage == .float32 ? $0 : "\($0), stored as \(storage)" })
    }
    self.init(
      parameters: layout.parameterCount, multiplyAdds: layers.reduce(0) { $0 + $1.multiplyAdds },
      trainingBytes: ([single] + training).map(\.memory.totalBytes).max()! + parameterBytes,
      inferenceBytes: single.memory.totalBytes + (layout.parameterFloats + layout.statisticFloats) * 4, layers: layers,
      unusedParameters: training.first?.parametersWithoutGradient ?? [])
  }
}
