import CPU
import Compute
import Models
import Networks
import TestSupport
import Testing

/// What nnU-Net's networks are besides the numbers of `Golden/make_nnunet.py`.
struct NNUNetTests {
  static let extent = Extent3(6, 32, 32)

  static func names(_ model: ModelConfiguration) -> [String] {
    ParameterLayout(model.graph(batch: 1, extent: extent, classes: 3)).parameters.map(\.name)
  }

  static func heads(_ model: ModelConfiguration) -> [String] {
    names(model).filter { $0.hasPrefix("decoder.seg_layers") && $0.hasSuffix("weight") }
  }

  /// Four stages: three in the decoder, of which the lowest is never compared with labels.
  @Test func everySupervisedStageHasAHead() {
    #expect(Self.heads(smallNNUNet()).sorted() == ["decoder.seg_layers.1.weight", "decoder.seg_layers.2.weight"])
    #expect(Self.heads(smallNNUNet(deepSupervision: false)) == ["decoder.seg_layers.2.weight"])
  }

  /// Prediction computes the finest head alone, from a state that has all of them.
  @Test func predictionLeavesTheOtherHeadsOut() throws {
    let graph = smallNNUNet().graph(batch: 1, extent: Self.extent, classes: 3)
    let prediction = CompiledPlan(graph, mode: .inference, CPUBackend(workers: 1))
    let names = prediction.graph.entries.map(\.name.path)
    #expect(names.contains("decoder.seg_layers.2") && !names.contains("decoder.seg_layers.1"))
    let session = CPUSession(
      model: smallNNUNet(), extent: Self.extent, classes: 3, trainingBatches: [], pool: WorkerPool(threads: 1))
    session.initialize(seed: 1)
    #expect(session.exportState().parameters.contains { $0.name == "decoder.seg_layers.1.weight" })
  }

  /// He's rule: variance 2 / (1.0001 · 27 · 6), of 12 · 27 · 6 normal numbers; the bounds are five deviations of theirs.
  @Test(arguments: [NNUNet.Encoder.plain, .residual]) func weightsBeginByHesRule(_ encoder: NNUNet.Encoder) throws {
    let session = CPUSession(
      model: smallNNUNet(spacing: [1, 1, 1], encoder: encoder), extent: 16, classes: 3, trainingBatches: [1],
      pool: WorkerPool(threads: 1))
    session.initialize(seed: 2023)
    let state = session.exportState()
    let values = Dictionary(uniqueKeysWithValues: state.parameters.map { ($0.name, $0.values) })
    let layer = encoder == .plain ? "encoder.stages.1.0.convs.0" : "encoder.stages.1.blocks.0.conv1"
    let weights = try #require(values["\(layer).conv.weight"]).map(Double.init)
    #expect(weights.count == 12 * 6 * 27)
    let (count, expected) = (Double(weights.count), 2 / (1.0001 * 27 * 6))
    let mean = weights.reduce(0, +) / count
    let variance = weights.reduce(0) { $0 + $1 * $1 } / count
    let (meanBound, varianceBound) = (5 * (expected / count).squareRoot(), 5 * (2 / count).squareRoot())
    #expect(abs(mean) < meanBound)
    #expect(abs(variance / expected - 1) < varianceBound)
    // Normal, not uniform: of a normal distribution 4.55 % lie beyond two deviations, of a uniform one none.
    let share = Double(weights.count { abs($0) > 2 * expected.squareRoot() }) / count
    let shareBound = 5 * (0.0455 * 0.9545 / count).squareRoot()
    #expect(abs(share - 0.0455) < shareBound)
    #expect(try #require(values["\(layer).conv.bias"]).allSatisfy { $0 == 0 })
    #expect(try #require(values["\(layer).norm.weight"]).allSatisfy { $0 == 1 })
    if encoder == .residual {
      let last = try #require(values["encoder.stages.1.blocks.0.conv2.norm.weight"])
      #expect(last.allSatisfy { $0 == 0 })
    }
  }

  /// Numbers of `torch.nn.functional.interpolate(mode="nearest-exact")` (torch 2.15.0).
  @Test(arguments: [
    (7, [1, 3, 5]), (5, [1, 3]), (10, [1, 3, 6, 8]), (3, [0, 1, 2]), (9, [2, 6]), (11, [1, 3, 5, 7, 9]),
    (6, [0, 2, 3, 5]),
  ]) func coarseLabelsAreTheNearest(_ source: Int, _ places: [Int]) {
    #expect(DeepSupervision.sources(from: source, to: places.count) == places)
  }

  @Test func everyResolutionCountsHalfAsMuchAsTheOneAboveIt() {
    let sevenths: [Double] = [4, 2, 1]
    #expect(DeepSupervision.weights(1) == [1])
    #expect(DeepSupervision.weights(3) == sevenths.map { $0 / 7 })
  }
}
