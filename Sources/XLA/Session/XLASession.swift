import Compute
import Networks
import PJRT

/// One model at one size on a device of a PJRT plugin. Parameters, moments and statistics stay on the device from step to
/// step; images, labels and a few numbers go there, loss and norm come back.
///
/// Not for several threads at a time.
package final class XLASession: NetworkSession {
  package let extent: Extent3
  package let classes: Int
  package let channels: Int
  package let unusedParameters: [String]
  package private(set) var steps = 0
  private let client: Client
  private let programs: CompiledPrograms
  private let request: SessionRequest
  private let layout: ParameterLayout
  private var tensors: DeviceTensors

  /// Sums in a fixed order on cards, whose default is whichever thread comes first.
  package static let flags = ["xla_gpu_deterministic_ops"]

  static func options(_ flags: [String] = XLASession.flags) -> [String: Bool] {
    Dictionary(uniqueKeysWithValues: flags.map { ($0, true) })
  }

  /// Compiles training for every size of batch, and copies fresh tensors (seed 0) to the device.
  ///
  /// - Parameters:
  ///   - inDouble: for tests, which tell a fault of a program from rounding.
  ///   - flags: XLA's options that are on.
  /// - Throws: `PJRTError`.
  package init(
    _ request: SessionRequest, on client: Client, inDouble: Bool = false, flags: [String] = XLASession.flags
  ) throws {
    let programs = try CompiledPrograms(
      request, inDouble ? .float64 : .float32, flags: Self.options(flags), on: client)
    let layout = ParameterLayout(programs.texts.graph(batch: 1))
    (extent, classes, channels) = (request.extent, request.classes, request.channels)
    (self.client, self.request) = (client, request)
    (self.programs, self.layout) = (programs, layout)
    unusedParameters = request.trainingBatches.isEmpty ? [] : programs.texts.graph(batch: 1).parametersWithoutGradient
    tensors = try DeviceTensors(
      client, programs.texts.number, programs.texts.slots,
      values: SessionTensors(initial: layout, request.optimiser, seed: 0, request.initialWeights))
  }

  /// Draws fresh parameters by PyTorch's default rules and forgets all training.
  package func initialize(seed: UInt64) throws {
    tensors = try DeviceTensors(
      client, programs.texts.number, programs.texts.slots,
      values: SessionTensors(initial: layout, request.optimiser, seed: seed, request.initialWeights))
    steps = 0
  }

  // MARK: - Training

  package func step(
    images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int, learningRate: Float
  ) throws -> StepRecord {
    let sizes = request.parts.sizes(of: batch)
    let numbers = try client.upload(
      numbers: StepNumbers(request.optimiser, step: steps + 1, learningRate: learningRate).values, as: tensors.number,
      shape: [StepNumbers.count])
    let results: [Buffer]
    if sizes.count > 1 {
      let sum = try sum(images, labels, parts: sizes, of: batch)
      let loss = try client.upload([sum.loss], .float64, shape: [])
      results = try programs.update().run(tensors.buffers.all + sum.statistics + sum.gradients + [loss, numbers])
    } else {
      let image = try upload(images, labels, size: batch)
      results = try programs.step(batch).run(tensors.buffers.all + image + [numbers])
    }
    return try take(results)
  }

  /// The results of a step, whatever they are: the tensors that went in are given away.
  private func take(_ results: [Buffer]) throws -> StepRecord {
    tensors.buffers = tensors.buffers.replaced(by: results)
    tensors.gradients = Array(results.dropLast(2).suffix(layout.parameters.count))
    let loss = try results[results.count - 2].values(1, zero: 0.0)[0]
    let norm = try results[results.count - 1].values(1, zero: 0.0)[0]
    guard loss.isFinite else { throw TrainingError.lossNotFinite(loss: loss, step: steps + 1) }
    guard norm.isFinite else { throw TrainingError.gradientNotFinite(norm: norm, step: steps + 1) }
    steps += 1
    return StepRecord(loss: loss, gradientNorm: norm)
  }

  package func gradients(
    images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int
  ) throws -> StepRecord {
    let sum = try sum(images, labels, parts: request.parts.sizes(of: batch), of: batch)
    tensors.gradients = sum.gradients
    let squares = try exportGradients().map { $0.values.reduce(0) { $0 + Double($1) * Double($1) } }
    return StepRecord(loss: sum.loss, gradientNorm: squares.reduce(0, +).squareRoot())
  }

  /// The parts one after another; the session's own statistics stay those of before.
  private func sum(
    _ images: UnsafePointer<Float>, _ labels: UnsafePointer<UInt8>, parts sizes: [Int], of batch: Int
  ) throws -> (loss: Double, gradients: [Buffer], statistics: [Buffer]) {
    var gradients = try DeviceTensors.zeros(client, tensors.number, tensors.slots.parameters)
    var (statistics, loss, start) = (tensors.buffers.statistics, 0.0, 0)
    for size in sizes {
      let share = Double(size) / Double(batch)
      let image = try upload(images + start * channels * extent.count, labels + start * extent.count, size: size)
      let results = try programs.part(size).run(
        tensors.buffers.parameters + statistics + gradients + image
          + [try client.upload(numbers: [Float(share)], as: tensors.number, shape: [])])
      gradients = Array(results[..<gradients.count])
      statistics = Array(results[gradients.count..<results.count - 1])
      let own = try results[results.count - 1].values(1, zero: 0.0)[0]
      guard own.isFinite else { throw TrainingError.lossNotFinite(loss: own, step: steps + 1) }
      loss += share * own
      start += size
    }
    return (loss, gradients, statistics)
  }

  private func upload(
    _ images: UnsafePointer<Float>, _ labels: UnsafePointer<UInt8>, size: Int
  ) throws -> [Buffer] {
    [
      try client.upload(images, .float32, shape: request.imageSides(batch: size)),
      try client.upload(labels, .uint8, shape: [size] + extent.sides),
    ]
  }

  // MARK: - Inference

  private func inference(_ program: Program, _ image: UnsafePointer<Float>) throws -> Buffer {
    let image = try client.upload(image, .float32, shape: request.imageSides(batch: 1))
    return try program.run(tensors.buffers.parameters + tensors.buffers.statistics + [image])[0]
  }

  package func predict(image: UnsafePointer<Float>, into labels: UnsafeMutablePointer<UInt8>) throws {
    try inference(try programs.prediction(), image).download(
      into: UnsafeMutableRawBufferPointer(start: labels, count: extent.count))
  }

  package func logits(image: UnsafePointer<Float>) throws -> [Float] {
    try inference(try programs.logits(), image).numbers(tensors.number, classes * extent.count)
  }

  package var devicePeakBytes: Int? { client.memory.peak }

  // MARK: - State

  package func exportState() throws -> SessionState { try tensors.state(step: steps) }

  package func importState(_ state: SessionState) throws {
    let values = try SessionTensors(state, tensors.slots)
    guard state.step >= 0 else { throw SessionStateError.negativeStep(state.step) }
    tensors = try DeviceTensors(client, tensors.number, tensors.slots, values: values)
    steps = state.step
  }

  package func exportGradients() throws -> [NamedTensor] {
    try tensors.export(tensors.slots.parameters, tensors.gradients)
  }
}

extension Graph {
  /// Paths, in PyTorch's form, of parameters that no gradient ever reaches.
  var parametersWithoutGradient: [String] {
    zip(entries.indices, Schedule.entriesWithGradient(self)).filter { !$0.1 }.flatMap { index, _ in
      entries[index].operation.parameters(of: inputShapes(of: index)).map { (entries[index].name / $0.name).path }
    }
  }
}
