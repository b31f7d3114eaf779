import CPU
import Compute
import Foundation
import Interchange
import Models
import Networks

/// A network of every kind and option, small, at one size, with weights that leave no part of it without effect.
struct SmallNetwork: Sendable, CustomStringConvertible {
  let name: String
  let model: ModelConfiguration
  let extent: Extent3

  static let classes = 5
  var description: String { name }

  /// At two sizes, one of them odd on every axis.
  static let all = models.flatMap { name, model in
    [("even", Extent3(6, 48, 32)), ("odd", Extent3(5, 37, 27))].map {
      SmallNetwork(name: "\(name)-\($0.0)", model: model, extent: $0.1)
    }
  }

  static let models: [(name: String, model: ModelConfiguration)] = safnets + baselines + nnunets + channels

  private static let safnets: [(String, ModelConfiguration)] =
    SAFNet.table2.enumerated().map { ("safnet-\($0.offset)", small($0.element.network)) }
    + Splice.allCases.dropFirst().map { splice in
      var network = SAFNet()
      network.splice = splice
      return ("safnet-\(splice)", small(network))
    }

  private static func small(_ network: SAFNet) -> ModelConfiguration {
    var network = network
    (network.width, network.stem, network.attentionReduction) = (16, [8, 12], 8)
    return ModelConfiguration(network)
  }

  private static let baselines: [(String, ModelConfiguration)] = {
    var (unet, resunet) = (UNet3D(), ResUNet3D())
    var (deeplab, cfnet) = (DeepLabV3(), CFNet())
    unet.levels = [[3, 6], [5, 18], [8, 20], [12, 24]]
    resunet.levels = unet.levels
    (deeplab.stem, deeplab.stages, deeplab.blocks) = (6, [6, 10, 18, 20], [1, 2, 1, 2])
    (deeplab.pyramid, deeplab.low, deeplab.decoder) = (12, 5, 9)
    (cfnet.stem, cfnet.stemBlocks, cfnet.widths) = (6, 1, [10, 18, 20])
    (cfnet.blocks, cfnet.stages, cfnet.head) = ([1, 2, 1], 2, 12)
    return ([unet, resunet, deeplab, cfnet] as [any Network]).map {
      let model = ModelConfiguration($0)
      return (model.kind, model)
    }
  }()

  /// Without deep supervision, so that gradients are those of the exported network's own loss.
  private static let nnunets: [(String, ModelConfiguration)] = NNUNet.Encoder.allCases.map { encoder in
    var network = NNUNet()
    (network.encoder, network.spacing, network.deepSupervision) = (encoder, [3, 1, 1], false)
    (network.features, network.mostFeatures) = (6, 20)
    return ("nnunet-\(encoder)", ModelConfiguration(network))
  }

  /// Images of two channels, and of three: every network takes them by its first layers.
  private static let channels: [(String, ModelConfiguration)] = zip(
    [safnets[0], baselines[0], nnunets[1]], [2, 3, 3]
  ).map { one, channels in
    var model = one.1
    model.channels = channels
    return ("\(one.0)-of-\(channels)", model)
  }

  var graph: Graph { model.graph(batch: 1, extent: extent, classes: Self.classes, channels: model.channels) }

  /// Parameters and statistics, drawn by their place in the network.
  var state: SessionState {
    let layout = ParameterLayout(graph)
    var parameters: [NamedTensor] = []
    for (index, slot) in layout.parameters.enumerated() {
      parameters.append(Self.drawn(slot, Self.range(slot), index))
    }
    let statistics = layout.statistics.enumerated().map { index, slot in
      slot.name.hasSuffix("num_batches_tracked")
        ? NamedTensor(name: slot.name, shape: slot.shape, values: [3])
        : Self.drawn(slot, slot.name.hasSuffix("running_mean") ? -0.1...0.1 : 0.5...1.5, 10_000 + index)
    }
    let moments = parameters.map {
      NamedTensor(name: $0.name, shape: $0.shape, values: Array(repeating: 0, count: $0.values.count))
    }
    return SessionState(
      parameters: parameters, statistics: statistics, firstMoments: moments, secondMoments: moments, step: 0)
  }

  var weights: NetworkWeights { NetworkWeights(state.parameters + state.statistics) }

  /// Off the values with which norms and learnt scales start, and within PyTorch's bounds elsewhere.
  private static func range(_ slot: ParameterLayout.Slot) -> ClosedRange<Float> {
    switch slot.initialization {
    case .uniform(let fanIn): -1 / Float(fanIn).squareRoot()...1 / Float(fanIn).squareRoot()
    case .normal(let deviation): Float(-2 * deviation)...Float(2 * deviation)
    case .constant where slot.name.hasSuffix("scale"): 0.4...0.6
    case .constant(let value): value == 1 ? 0.75...1.25 : -0.25...0.25
    }
  }

  private static func drawn(_ slot: ParameterLayout.Slot, _ range: ClosedRange<Float>, _ index: Int) -> NamedTensor {
    NamedTensor(name: slot.name, shape: slot.shape, values: values(slot.count, range, index))
  }

  private static func values(_ count: Int, _ range: ClosedRange<Float>, _ index: Int) -> [Float] {
    var stream = RandomStream(seed: 22, purpose: .test, index: index)
    return (0..<count).map { _ in stream.nextUniform(in: range) }
  }

  var image: [Float] { Self.values(model.channels * extent.count, -1...1, 20_000) }

  /// One class after the other, so that every one has its voxels.
  var labels: [UInt8] { (0..<extent.count).map { UInt8($0 % Self.classes) } }

  /// What this program makes of the image: `[K, D, H, W]`.
  func logits() throws -> [Float] {
    let session = try CPUEngine().session(
      SessionRequest(
        model: model, extent: extent, channels: model.channels, classes: Self.classes, trainingBatches: [], threads: 1))
    try session.importState(state)
    return try session.logits(image: image)
  }
}

/// With `SAFNET_RECORD=FOLDER` in the environment, tests leave there what the oracles in `Golden` compare.
enum Recording {
  static let folder = ProcessInfo.processInfo.environment["SAFNET_RECORD"].map { URL(filePath: $0) }

  static func write(_ name: String, _ data: Data) throws {
    guard let folder else { return }
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  static func write(_ name: String, _ values: [Float]) throws { try write(name, values.withUnsafeBytes { Data($0) }) }
}
