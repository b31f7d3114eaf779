import CPU
import Compute
import Foundation
import Models
import Networks
import TestSupport

/// A network with the weights, images and labels of `Golden/twin.py`, and what PyTorch computed from them.
struct GoldenNetwork: Sendable, CustomStringConvertible {
  let model: ModelConfiguration
  let file: String
  let batch: Int
  let extent: Extent3
  let loss: AnyLoss
  var channels = 1

  static let seed: UInt64 = 2023
  static let classes = 5
  static let samples = 24
  static let projections = 4
  static let logitStride = 97
  static let steps = 10
  /// How many times further from double precision than PyTorch's single precision we may be. Both errors are sums of the
  /// same number of roundings in another order; eight times another draw's largest is beyond chance, and far below any
  /// mistake.
  static let allowance: Float = 8

  var description: String { file }

  static let all = variants + readings + baselines + nnunets + severalChannels

  private static let variants: [GoldenNetwork] = smallVariants.enumerated().flatMap { number, model in
    [
      GoldenNetwork(
        model: model, file: "safnet-\(number)a", batch: 1, extent: Extent3(18, 64, 32), loss: .pixelwise),
      GoldenNetwork(
        model: model, file: "safnet-\(number)b", batch: 2, extent: Extent3(7, 48, 40), loss: .pixelwise),
    ]
  }

  private static let readings: [GoldenNetwork] = smallReadings.flatMap { splice, model in
    [
      GoldenNetwork(
        model: model, file: "safnet-\(splice)-a", batch: 1, extent: Extent3(18, 64, 32), loss: .pixelwise),
      GoldenNetwork(
        model: model, file: "safnet-\(splice)-b", batch: 2, extent: Extent3(7, 48, 40), loss: .pixelwise),
    ]
  }

  private static let baselines: [GoldenNetwork] = smallBaselines.flatMap { model in
    [
      GoldenNetwork(
        model: model, file: "\(model.kind)-a", batch: 1, extent: Extent3(6, 48, 32), loss: .crossEntropy),
      GoldenNetwork(
        model: model, file: "\(model.kind)-b", batch: 2, extent: Extent3(5, 37, 26), loss: .crossEntropy),
    ]
  }

  private static let nnunets: [GoldenNetwork] = [
    GoldenNetwork(
      model: smallNNUNet(spacing: [2, 1, 1.2], deepSupervision: false), file: "nnunet-a", batch: 1,
      extent: Extent3(8, 32, 24),
      loss: .crossEntropy),
    GoldenNetwork(
      model: smallNNUNet(spacing: [3, 1, 1], deepSupervision: false), file: "nnunet-b", batch: 2,
      extent: Extent3(5, 24, 56), loss: .crossEntropy),
    GoldenNetwork(
      model: smallNNUNet(spacing: [2, 1, 1]), file: "nnunet-deep-c", batch: 1, extent: Extent3(8, 64, 64),
      loss: .crossEntropy),
    GoldenNetwork(
      model: smallNNUNet(spacing: [3, 1, 1]), file: "nnunet-deep-d", batch: 2, extent: Extent3(6, 32, 32),
      loss: .crossEntropy),
    GoldenNetwork(
      model: smallNNUNet(spacing: [3, 1, 1], encoder: .residual), file: "nnunet-residual-e", batch: 2,
      extent: Extent3(6, 32, 32), loss: .crossEntropy),
  ]

  /// Of `Golden/make_channels.py`.
  static let severalChannels: [GoldenNetwork] = [
    GoldenNetwork(
      model: smallVariants[4], file: "channels-safnet-2", batch: 2, extent: Extent3(7, 45, 37), loss: .pixelwise,
      channels: 2),
    GoldenNetwork(
      model: smallVariants[4], file: "channels-safnet-3", batch: 1, extent: Extent3(5, 43, 39), loss: .pixelwise,
      channels: 3),
    GoldenNetwork(
      model: smallBaselines[0], file: "channels-unet3d-2", batch: 2, extent: Extent3(5, 37, 26), loss: .crossEntropy,
      channels: 2),
    GoldenNetwork(
      model: smallNNUNet(deepSupervision: false), file: "channels-nnunet-2", batch: 2, extent: Extent3(5, 20, 28),
      loss: .crossEntropy, channels: 2),
  ]

  func golden() throws -> GoldenFile { try GoldenFile(file, in: .module) }

  func session(
    threads: Int = 2, instructionSet: InstructionSet = .best, optimiser: Optimiser = Optimiser(),
    parts: BatchParts = BatchParts()
  ) throws -> CPUSession {
    let session = CPUSession(
      model: TwinNetwork(model: model), extent: extent, channels: channels, classes: Self.classes,
      trainingBatches: [batch], loss: loss, optimiser: optimiser, parts: parts, pool: WorkerPool(threads: threads),
      instructionSet: instructionSet)
    session.initialize(seed: Self.seed)
    var state = session.exportState()
    Self.perturb(&state)
    try session.importState(state)
    return session
  }

  /// Constants off their defaults, so that a wrong norm, scale or statistic shows.
  private static func perturb(_ state: inout SessionState) {
    let names = state.parameters.map(\.name).sorted()
    for index in state.parameters.indices {
      let tensor = state.parameters[index]
      guard Set(tensor.values).count == 1, tensor.values[0] == 0 || tensor.values[0] == 1 else { continue }
      let range: ClosedRange<Float> =
        tensor.name.hasSuffix("scale") ? 0.4...0.6 : tensor.name.hasSuffix("weight") ? 0.75...1.25 : -0.25...0.25
      state.parameters[index].values = drawn(tensor.values.count, range, index: names.firstIndex(of: tensor.name)!)
    }
    let statistics = state.statistics.map(\.name).sorted()
    for index in state.statistics.indices where !state.statistics[index].name.hasSuffix("num_batches_tracked") {
      let tensor = state.statistics[index]
      let range: ClosedRange<Float> = tensor.name.hasSuffix("running_mean") ? -0.1...0.1 : 0.5...1.5
      state.statistics[index].values = drawn(
        tensor.values.count, range, epoch: 1, index: statistics.firstIndex(of: tensor.name)!)
    }
  }

  private static func drawn(_ count: Int, _ range: ClosedRange<Float>, epoch: Int = 0, index: Int = 0) -> [Float] {
    var stream = RandomStream(seed: seed, purpose: .test, epoch: epoch, index: index)
    return (0..<count).map { _ in stream.nextUniform(in: range) }
  }

  var images: [Float] { Self.drawn(batch * channels * extent.count, -1...1, epoch: 2) }

  var labels: [UInt8] {
    Self.drawn(batch * extent.count, 0...1, epoch: 3).map { UInt8($0 * Float(Self.classes)) }
  }

  func step(_ session: CPUSession) throws -> StepRecord {
    try session.step(images: images, labels: labels, batch: batch, learningRate: 1e-3)
  }

  /// Evenly spaced entries.
  static func sampled(_ values: [Float]) -> [Float] {
    let step = max(1, values.count / samples)
    return Array(stride(from: 0, to: values.count, by: step).map { values[$0] }.prefix(samples))
  }

  /// Sums of the entries with random signs; the index is the parameter's place among the sorted names.
  static func projected(_ values: [Float], index: Int) -> [Float] {
    (0..<projections).map { projection in
      var stream = RandomStream(seed: seed, purpose: .test, epoch: 10 + projection, index: index)
      return Float(values.reduce(0.0) { $0 + (stream.nextUInt32() & 1 == 0 ? Double($1) : -Double($1)) })
    }
  }
}

/// A network whose weights begin by PyTorch's rules, whatever its paper's: `Golden/twin.py` draws those.
private struct TwinNetwork: NetworkModel {
  let model: ModelConfiguration

  func logits(of image: Node, classes: Int) -> Node { model.logits(of: image, classes: classes) }

  func supervisedLogits(of image: Node, classes: Int) -> [Node] {
    model.supervisedLogits(of: image, classes: classes)
  }
}
