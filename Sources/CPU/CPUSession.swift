import Compute
import Networks

/// One model at one size: its parameters, its optimiser and its compiled programs, all in memory taken once.
///
/// Not for several threads at a time. A step is the same sequence of bits for any number of threads in the pool.
package final class CPUSession: NetworkSession {
  /// Depth, height and width of an image in voxels.
  package let extent: Extent3
  /// Number of classes with the background.
  package let classes: Int
  /// The optimiser's numbers, but for the learning rate.
  package let adam: AdamOptions
  /// What training lowers.
  package let loss: AnyLoss
  /// Parameters that never receive a gradient.
  package let unusedParameters: [String]
  private let pool: WorkerPool
  private let cpu: CPUBackend
  private let memory: ParameterMemory
  private let arena: AlignedBuffer<UInt8>
  private let trainers: [Int: Program]
  private let predictor: Program
  private let normPartials: AlignedBuffer<Double>
  /// Optimiser steps so far.
  package private(set) var steps = 0

  /// Plans training and inference, and takes their memory: one arena that both share, and the parameters' own.
  package init(
    model: any NetworkModel, extent: Extent3, classes: Int, trainingBatches: [Int], loss: AnyLoss = .pixelwise,
    adam: AdamOptions = AdamOptions(), precision: Precision = .float32, pool: WorkerPool,
    instructionSet: InstructionSet = .best
  ) {
    let cpu = CPUBackend(precision: precision, workers: pool.threads, instructionSet: instructionSet)
    let graph = model.graph(batch: 1, extent: extent, classes: classes)
    let single = CompiledPlan(graph, mode: .inference, cpu)
    let training = Set(trainingBatches).sorted().map {
      CompiledPlan(model.graph(batch: $0, extent: extent, classes: classes), mode: .training, loss: loss, cpu)
    }
    let memory = ParameterMemory(ParameterLayout(graph))
    let arena = AlignedBuffer<UInt8>(count: ([single] + training).map(\.memory.totalBytes).max()!)
    predictor = Program(single, cpu, arena: UnsafeMutableRawPointer(arena.base), memory: memory, pool: pool)
    trainers = Dictionary(
      uniqueKeysWithValues: training.map {
        ($0.logits.batch, Program($0, cpu, arena: UnsafeMutableRawPointer(arena.base), memory: memory, pool: pool))
      })
    unusedParameters = training.first?.parametersWithoutGradient ?? []
    normPartials = AlignedBuffer(count: ParameterMemory.gradientTiles(memory.layout))
    (self.extent, self.classes, self.adam, self.loss, self.pool) = (extent, classes, adam, loss, pool)
    (self.cpu, self.memory, self.arena) = (cpu, memory, arena)
  }

  /// Draws fresh parameters by PyTorch's default rules and forgets all training.
  package func initialize(seed: UInt64) {
    memory.initialize(seed: seed)
    steps = 0
  }

  // MARK: - Training

  /// One forward, loss, backward and update.
  ///
  /// - Parameters:
  ///   - images: `[N, D, H, W]`
  ///   - labels: `[N, D, H, W]`, classes 0 ..< K
  /// - Throws: `TrainingError` before any parameter or statistic has changed.
  package func step(
    images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int, learningRate: Float
  ) throws -> StepRecord {
    let record = try gradients(images: images, labels: labels, batch: batch)
    guard record.gradientNorm.isFinite else {
      throw TrainingError.gradientNotFinite(norm: record.gradientNorm, step: steps + 1)
    }
    steps += 1
    trainers[batch]!.commit()
    memory.update(adam.numbers(step: steps, learningRate: learningRate), cpu.kernels, pool)
    return record
  }

  /// Forward, loss and backward only: leaves the gradients for `exportGradients`.
  package func gradients(
    images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int
  ) throws -> StepRecord {
    guard let program = trainers[batch] else {
      preconditionFailure("no program for a batch of \(batch), only for \(trainers.keys.sorted())")
    }
    checkLabels(labels, count: batch * extent.count)
    program.image.update(from: images, count: batch * extent.count)
    var loss = 0.0
    try program.run {
      loss = program.head.loss(
        logits: program.logits, labels: labels, gradient: program.logitsGradient!,
        scratch: program.headScratch, pool)
      guard loss.isFinite else { throw TrainingError.lossNotFinite(loss: loss, step: steps + 1) }
    }
    return StepRecord(loss: loss, gradientNorm: memory.gradientNorm(normPartials.base, cpu.kernels, pool))
  }

  private func checkLabels(_ labels: UnsafePointer<UInt8>, count: Int) {
    let largest = UnsafeBufferPointer(start: labels, count: count).max() ?? 0
    precondition(Int(largest) < classes, "label \(largest) among \(classes) classes")
  }

  // MARK: - Inference

  /// Classes of one case, with running statistics: `[D, H, W]`.
  package func predict(image: UnsafePointer<Float>, into labels: UnsafeMutablePointer<UInt8>) {
    predictor.image.update(from: image, count: extent.count)
    predictor.run {
      predictor.head.classify(
        logits: predictor.logits, into: labels, scratch: predictor.headScratch, pool)
    }
  }

  /// Class scores of one case, with running statistics: `[K, D, H, W]`.
  package func logits(image: UnsafePointer<Float>) -> [Float] {
    predictor.image.update(from: image, count: extent.count)
    var result: [Float] = []
    predictor.run { result = predictor.head.expanded(logits: predictor.logits, pool) }
    return result
  }

  // MARK: - State

  /// Parameters, statistics and both moments by PyTorch's names, copied out of the session's memory.
  package func exportState() -> SessionState {
    let layout = memory.layout
    return SessionState(
      parameters: memory.export(layout.parameters, from: memory.parameters),
      statistics: memory.export(layout.statistics, from: memory.statistics),
      firstMoments: memory.export(layout.parameters, from: memory.firstMoments),
      secondMoments: memory.export(layout.parameters, from: memory.secondMoments), step: steps)
  }

  /// Gradients of the last step, zero where a parameter never receives one.
  package func exportGradients() -> [NamedTensor] { memory.export(memory.layout.parameters, from: memory.gradients) }

  /// - Throws: `SessionStateError` before anything has changed.
  package func importState(_ state: SessionState) throws {
    let layout = memory.layout
    let parameters = try SessionState.checked(state.parameters, "parameters", layout.parameters)
    let statistics = try SessionState.checked(state.statistics, "statistics", layout.statistics)
    let first = try SessionState.checked(state.firstMoments, "first moments", layout.parameters)
    let second = try SessionState.checked(state.secondMoments, "second moments", layout.parameters)
    guard state.step >= 0 else { throw SessionStateError.negativeStep(state.step) }
    memory.restore(parameters, layout.parameters, to: memory.parameters)
    memory.restore(statistics, layout.statistics, to: memory.statistics)
    memory.restore(first, layout.parameters, to: memory.firstMoments)
    memory.restore(second, layout.parameters, to: memory.secondMoments)
    steps = state.step
  }

  // MARK: - Measurements

  /// Bytes of the arena that all programs share.
  package var arenaBytes: Int { arena.count }
  /// Bytes of parameters, gradients, both moments and statistics, padding included.
  package var parameterBytes: Int { ParameterMemory.bytes(memory.layout) }

  /// Seconds of every call of the last step of this batch size.
  package func timings(batch: Int) -> [CallTime] {
    trainers[batch]?.times ?? []
  }

  /// Seconds of every call of the last prediction.
  package var predictionTimings: [CallTime] { predictor.times }
}
