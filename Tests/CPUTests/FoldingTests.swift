import CPU
import Compute
import Networks
import TestSupport
import Testing

/// Inference folds normalisations into convolutions: which ones, under which names, and with which result.
struct FoldingTests {
  struct Model: NetworkModel {
    func logits(of image: Node, classes: Int) -> Node {
      let stem = image.convolved(5, "stem.conv").batchNormalized("stem.norm").relu()
      let biased = stem.convolved(8, bias: true, "biased.conv").batchNormalized("biased.norm")
      let shared = biased.convolved(8, kernel: 1, "shared.conv")
      let both = shared.batchNormalized("shared.norm").relu() + shared
      let sum = both.batchNormalized("sum.norm")
      return sum.convolved(classes, kernel: 1, bias: true, "classify")
    }
  }

  static let graph = Model().graph(batch: 1, extent: Extent3(4, 5, 3), classes: 3)

  @Test func normalizationsThatAloneReadAConvolutionAreFolded() {
    let plan = CompiledPlan(Self.graph, mode: .inference, CPUBackend(workers: 1))
    #expect(
      plan.graph.entries.map(\.operation.kind) == [
        "image", "convolution+norm+relu", "convolution+norm", "convolution", "norm+relu", "add", "norm", "convolution",
      ])
    let training = CompiledPlan(Self.graph, mode: .training, CPUBackend(workers: 1))
    #expect(!training.graph.entries.contains { $0.operation.kind.hasPrefix("convolution+") })
  }

  @Test func parametersKeepTheirNamesAndPlaces() {
    let (plain, folded) = (ParameterLayout(Self.graph), ParameterLayout(Self.graph.fused.withFoldedNormalizations()))
    #expect(folded.parameters.map(\.name) == plain.parameters.map(\.name))
    #expect(folded.statistics.map(\.name) == plain.statistics.map(\.name))
    #expect(folded.parameterCount == plain.parameterCount)
  }

  private static func foldedGraph(_ norm: Name, rectifies: Bool = false) -> Graph {
    let builder = GraphBuilder()
    let image = builder.image(Shape(batch: 1, Extent3(4, 5, 3), channels: 2))
    let node = image.convolved(5, "conv").batchNormalized(norm)
    let result = rectifies ? node.relu() : node
    return Graph(entries: builder.entries, output: result.index).fused.withFoldedNormalizations()
  }

  @Test func foldedOnesOfOtherNormalizationsDiffer() {
    let one = Self.foldedGraph("norm")
    #expect(one.entries.map(\.operation.kind) == ["image", "convolution+norm"])
    #expect(one == Self.foldedGraph("norm"))
    #expect(one != Self.foldedGraph("other"), "its parameters are others")
    #expect(one != Self.foldedGraph("norm", rectifies: true))
  }

  /// Against convolution, normalisation and ReLU in double.
  @Test(arguments: ["plain", "bias", "relu", "bias relu"], InstructionSet.available)
  func theFoldedOneIsAllThree(_ kind: String, _ set: InstructionSet) {
    let (hasBias, rectifies) = (kind.contains("bias"), kind.contains("relu"))
    let input = Shape(batch: 2, Extent3(4, 5, 3), channels: 18)
    let operation = Self.folded(input, hasBias, rectifies)
    let run = FoldedRun(operation, input, set)
    let geometry = ConvolutionGeometry(input: input, outChannels: 5)
    let sums = run.sums(geometry, run.x, run.parameters[0])
    let magnitudes = run.sums(geometry, run.x.map(abs), run.parameters[0].map(abs))
    let (gamma, beta) = (run.parameters[run.parameters.count - 2], run.parameters[run.parameters.count - 1])
    let stride = geometry.output.paddedChannels
    for (index, actual) in run.output.enumerated() {
      let channel = index % stride
      guard channel < 5 else {
        #expect(actual == 0)
        continue
      }
      let scale = Double(gamma[channel]) / (Double(run.variance[channel]) + 1e-5).squareRoot()
      let bias = hasBias ? Double(run.parameters[1][channel]) : 0
      let mean = Double(run.mean[channel])
      let value = (Double(sums[index]) + bias - mean) * scale + Double(beta[channel])
      let expected = rectifies ? max(0, value) : value
      // 18 x 27 products, Winograd's growth of at most 3 per axis and its transforms, then scale and bias.
      let magnitude =
        abs(scale) * (27 * Double(magnitudes[index]) + abs(bias) + abs(mean)) + abs(Double(beta[channel]))
      #expect(abs(Double(actual) - expected) <= Double(roundingBound(terms: 18 * 27 + 50)) * magnitude)
    }
  }

  private static func folded(_ input: Shape, _ hasBias: Bool, _ rectifies: Bool) -> any Networks.Operation {
    let builder = GraphBuilder()
    let x = builder.image(Shape(batch: input.batch, input.extent, channels: 1)).convolved(18, kernel: 1, "x")
    let norm = x.convolved(5, bias: hasBias, "conv").batchNormalized("norm")
    let result = rectifies ? norm.relu() : norm
    let graph = Graph(entries: builder.entries, output: result.index).fused.withFoldedNormalizations()
    return graph.entries[graph.output].operation
  }
}

/// One folded operation in memory of its own, its results and what they came from.
private struct FoldedRun {
  let x, mean, variance, output: [Float]
  let parameters: [[Float]]

  init(_ operation: any Networks.Operation, _ input: Shape, _ set: InstructionSet) {
    let kernel = CPUBackend(workers: 2, instructionSet: set).kernel(for: operation, inputs: [input])
    let output = operation.outputShape(of: [input])
    x = randomActivation(input, seed: 1)
    parameters = operation.parameters(of: [input]).enumerated().map { randomValues($1.count, seed: 2 + UInt64($0)) }
    mean = randomValues(output.channels, seed: 7)
    variance = randomValues(output.channels, seed: 8).map { abs($0) + 0.1 }
    func stored(_ values: [Float]) -> AlignedBuffer<Float> {
      let buffer = AlignedBuffer<Float>(count: values.count)
      for (index, value) in values.enumerated() { buffer[index] = value }
      return buffer
    }
    let buffers = (stored(x), parameters.map(stored), [stored(mean), stored(variance), stored([7])])
    let target = stored([Float](repeating: .nan, count: output.storedCount))
    let scratch = AlignedBuffer<UInt8>(count: kernel.scratchBytes(.forward))
    kernel.forward(
      ForwardCall(
        inputs: [Activation(buffers.0.base)], output: MutableActivation(target.base),
        parameters: buffers.1.map { UnsafePointer($0.base) }, statistics: buffers.2.map(\.base),
        saved: UnsafeMutableRawPointer(scratch.base), scratch: UnsafeMutableRawPointer(scratch.base), mode: .inference,
        pool: WorkerPool(threads: 2)))
    self.output = (0..<output.storedCount).map { target[$0] }
    withExtendedLifetime((buffers, scratch)) {}
  }

  /// The convolution by its definition.
  func sums(_ geometry: ConvolutionGeometry, _ x: [Float], _ weights: [Float]) -> [Float] {
    let definition = ConvolutionKernel(geometry, workers: 1, instructionSet: .scalar)
    let y = AlignedBuffer<Float>(count: geometry.output.storedCount)
    let scratch = AlignedBuffer<UInt8>(count: definition.scratchBytes)
    definition.forward(
      x: x, weights: weights, finish: ConvolutionFinish(), y: MutableActivation(y.base),
      scratch: UnsafeMutableRawPointer(scratch.base), pool: WorkerPool(threads: 1))
    return (0..<geometry.output.storedCount).map { y[$0] }
  }
}
