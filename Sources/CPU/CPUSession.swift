import Compute
import Networks

/// One model at one size: its parameters, its optimiser and its compiled programs, all in memory taken once.
///
/// Not for several threads at a time. A step is the same sequence of bits for any number of threads in the pool.
package final class CPUSession: NetworkSession {
  /// Depth, height and width of an image in voxels.
  package let extent: Extent3
  /// Channels of an image.
  package let channels: Int
  /// Number of classes with the background.
  package let classes: Int
  /// The optimiser's numbers, but for the learning rate.
  package let optimiser: Optimiser
  /// What initial values depend on.
  package let initialWeights: InitialWeights
  /// How batches are divided where they are not computed whole.
  package let parts: BatchParts
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
  /// Nil where every batch is computed whole.
  private let partSums: PartSums?
  /// Optimiser steps so far.
  package private(set) var steps = 0

  /// Plans training and inference, and takes their memory: one arena that both share, and the parameters' own.
  package init(
    model: any NetworkModel, extent: Extent3, channels: Int = 1, classes: Int, trainingBatches: [Int],
    loss: AnyLoss = .pixelwise, classWeights: ClassWeights? = nil, optimiser: Optimiser = Optimiser(),
    initialWeights: InitialWeights = .byPlace, parts: BatchParts = BatchParts(), precision: Precision = .float32,
    pool: WorkerPool,
    instructionSet: InstructionSet = .best
  ) {
    let cpu = CPUBackend(precision: precision, workers: pool.threads, instructionSet: instructionSet)
    let graph = model.graph(batch: 1, extent: extent, classes: classes, channels: channels)
    let single = CompiledPlan(graph, mode: .inference, cpu)
    let training = Set(trainingBatches.flatMap { parts.sizes(of: $0) }).sorted().map {
      CompiledPlan(
        model.graph(batch: $0, extent: extent, classes: classes, channels: channels), mode: .training, loss: loss, cpu)
    }
    let memory = ParameterMemory(ParameterLayout(graph), optimiser)
    let arena = AlignedBuffer<UInt8>(count: ([single] + training).map(\.memory.totalBytes).max()!)
    predictor = Program(single, cpu, arena: UnsafeMutableRawPointer(arena.base), memory: memory, pool: pool)
    trainers = Dictionary(
      uniqueKeysWithValues: training.map {
        let start = UnsafeMutableRawPointer(arena.base)
        return ($0.logits.batch, Program($0, weights: classWeights, cpu, arena: start, memory: memory, pool: pool))
      })
    unusedParameters = training.first?.parametersWithoutGradient ?? []
    normPartials = AlignedBuffer(count: ParameterMemory.gradientTiles(memory.layout))
    (self.extent, self.channels, self.classes, self.loss, self.pool) = (extent, channels, classes, loss, pool)
    (self.optimiser, self.initialWeights, self.parts) = (optimiser, initialWeights, parts)
    partSums = trainingBatches.contains { parts.sizes(of: $0).count > 1 } ? PartSums(memory) : nil
    (self.cpu, self.memory, self.arena) = (cpu, memory, arena)
  }

  /// Draws fresh parameters by PyTorch's default rules and forgets all training.
  package func initialize(seed: UInt64) {
    memory.initialize(seed: seed, initialWeights)
    steps = 0
  }

  package var savedSeconds: Double { pool.savedSeconds }

  // MARK: - Training

  /// One forward, loss, backward and update.
  ///
  /// - Parameters:
  ///   - images: `[N, C, D, H, W]`
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
    if parts.sizes(of: batch).count > 1 { partSums!.commit() } else { trainers[batch]!.commit() }
    memory.update(
      optimiser, step: steps, learningRate: learningRate, gradientNorm: record.gradientNorm, cpu.kernels, pool)
    memory.average(share: steps > 1 ? Float(optimiser.average) : 0, cpu.kernels)
    return record
  }

  /// Forward, loss and backward only: leaves the gradients for `exportGradients`.
  package func gradients(
    images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int
  ) throws -> StepRecord {
    checkLabels(labels, count: batch * extent.count)
    let sizes = parts.sizes(of: batch)
    let loss =
      sizes.count > 1
      ? try loss(images, labels, parts: sizes, of: batch) : try loss(images, labels, batch: batch)
    return StepRecord(loss: loss, gradientNorm: memory.gradientNorm(normPartials.base, cpu.kernels, pool))
  }

  /// The parts one after another; their gradients' mean is left, and the statistics of before.
  private func loss(
    _ images: UnsafePointer<Float>, _ labels: UnsafePointer<UInt8>, parts sizes: [Int], of batch: Int
  ) throws -> Double {
    guard let partSums else { preconditionFailure("no memory for parts of a batch of \(batch)") }
    partSums.begin()
    var (sum, start) = (0.0, 0)
    do {
      for size in sizes {
        let (share, first) = (Double(size) / Double(batch), start * extent.count)
        sum += share * (try loss(images + channels * first, labels + first, batch: size))
        partSums.add(share: Float(share), cpu.kernels)
        trainers[size]!.commit()
        start += size
      }
    } catch {
      partSums.restore()
      throw error
    }
    partSums.end()
    return sum
  }

  /// Forward, loss and backward of cases that are computed at once.
  private func loss(
    _ images: UnsafePointer<Float>, _ labels: UnsafePointer<UInt8>, batch: Int
  ) throws -> Double {
    guard let program = trainers[batch] else {
      preconditionFailure("no program for a batch of \(batch), only for \(trainers.keys.sorted())")
    }
    load(images, batch: batch, into: program)
    var loss = 0.0
    try program.run {
      loss = program.heads.loss(
        logits: program.logits, labels: labels, gradients: program.logitsGradients,
        scratch: program.headScratch, pool)
      guard loss.isFinite else { throw TrainingError.lossNotFinite(loss: loss, step: steps + 1) }
    }
    return loss
  }

  /// Copies `[N, C, D, H, W]` to the program's image: one channel as it is, several side by side in every voxel, the rest of
  /// whose block is zero.
  private func load(_ images: UnsafePointer<Float>, batch: Int, into program: Program) {
    guard channels > 1 else {
      program.image.update(from: images, count: batch * extent.count)
      return
    }
    let (voxels, stored) = (extent.count, Shape(batch: batch, extent, channels: channels).paddedChannels)
    pool.forEach(batch * extent.depth * extent.height) { rows, _ in
      for position in (rows.lowerBound * extent.width)..<(rows.upperBound * extent.width) {
        let target = program.image + position * stored
        let source = images + position / voxels * channels * voxels + position % voxels
        for channel in 0..<stored { target[channel] = channel < channels ? source[channel * voxels] : 0 }
      }
    }
  }

  private func checkLabels(_ labels: UnsafePointer<UInt8>, count: Int) {
    // The largest byte is `ignoredLabel`, of voxels without truth: one more is none.
    let above = UnsafeBufferPointer(start: labels, count: count).lazy.map { $0 &+ 1 }.max() ?? 0
    precondition(Int(above) <= classes, "label \(above - 1) among \(classes) classes")
  }

  // MARK: - Inference

  /// Classes of one case `[C, D, H, W]`, with running statistics: `[D, H, W]`.
  package func predict(image: UnsafePointer<Float>, into labels: UnsafeMutablePointer<UInt8>) {
    load(image, batch: 1, into: predictor)
    predictor.run {
      predictor.heads.main.classify(
        logits: predictor.logits[0], into: labels, scratch: predictor.headScratch, pool)
    }
  }

  /// Class scores of one case `[C, D, H, W]`, with running statistics: `[K, D, H, W]`.
  package func logits(image: UnsafePointer<Float>) -> [Float] {
    load(image, batch: 1, into: predictor)
    var result: [Float] = []
    predictor.run { result = predictor.heads.main.expanded(logits: predictor.logits[0], pool) }
    return result
  }

  // MARK: - State

  /// Parameters, statistics, moments and averages by PyTorch's names, copied out of the session's memory.
  package func exportState() -> SessionState {
    let layout = memory.layout
    return SessionState(
      parameters: memory.export(layout.parameters, from: memory.parameters),
      statistics: memory.export(layout.statistics, from: memory.statistics),
      firstMoments: memory.export(layout.parameters, from: memory.firstMoments),
      secondMoments: memory.export(memory.secondSlots, from: memory.secondMoments), step: steps,
      averagedParameters: memory.averages.map { memory.export(layout.parameters, from: $0.parameters) } ?? [],
      averagedStatistics: memory.averages.map { memory.export(layout.statistics, from: $0.statistics) } ?? [])
  }

  /// Gradients of the last step, zero where a parameter never receives one.
  package func exportGradients() -> [NamedTensor] { memory.export(memory.layout.parameters, from: memory.gradients) }

  /// - Throws: `SessionStateError` before anything has changed.
  package func importState(_ state: SessionState) throws {
    let layout = memory.layout
    let parameters = try SessionState.checked(state.parameters, "parameters", layout.parameters)
    let statistics = try SessionState.checked(state.statistics, "statistics", layout.statistics)
    let first = try SessionState.checked(state.firstMoments, "first moments", layout.parameters)
    let second = try SessionState.checked(state.secondMoments, "second moments", memory.secondSlots)
    let hasAverages = memory.averages != nil
    let averagedParameters = try SessionState.checked(
      state.averagedParameters, "averaged parameters", hasAverages ? layout.parameters : [])
    let averagedStatistics = try SessionState.checked(
      state.averagedStatistics, "averaged statistics", hasAverages ? layout.statistics : [])
    guard state.step >= 0 else { throw SessionStateError.negativeStep(state.step) }
    memory.restore(parameters, layout.parameters, to: memory.parameters)
    memory.restore(statistics, layout.statistics, to: memory.statistics)
    memory.restore(first, layout.parameters, to: memory.firstMoments)
    memory.restore(second, memory.secondSlots, to: memory.secondMoments)
    if let averages = memory.averages {
      memory.restore(averagedParameters, layout.parameters, to: averages.parameters)
      memory.restore(averagedStatistics, layout.statistics, to: averages.statistics)
    }
    steps = state.step
  }

  // MARK: - Measurements

  /// Bytes of the arena that all programs share.
  package var arenaBytes: Int { arena.count }
  /// Bytes of parameters, gradients, moments, statistics and averages, padding included.
  package var parameterBytes: Int { ParameterMemory.bytes(memory.layout, optimiser) }

  /// Seconds of every call of the last step of this batch size; of its first part where it has several.
  package func timings(batch: Int) -> [CallTime] {
    trainers[parts.sizes(of: batch)[0]]?.times ?? []
  }

  /// Seconds of every call of the last prediction.
  package var predictionTimings: [CallTime] { predictor.times }
}
