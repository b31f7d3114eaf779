import CPU
import Compute
import Networks
import TestSupport
import Testing

/// Losses with class weights against PyTorch in double: `Golden/make_class_weights.py`.
struct ClassWeightTests {
  static let losses = [AnyLoss.pixelwise, .crossEntropy, AnyLoss(DiceCrossEntropyLoss())]
  static let weights = ClassWeights([0.25, 1, 2, 0, 3.5])
  static let shape = Shape(batch: 2, Extent3(4, 5, 3), channels: 5)
  static let extent = Extent3(4, 9, 37)
  static let logits = OperationCase.drawn(shape.voxels * 5, index: 0).map { $0 * 3 }
  static let labels: [UInt8] = {
    var stream = RandomStream(seed: OperationCase.seed, purpose: .test, index: 30)
    return (0..<2 * extent.count).map { _ in UInt8(stream.nextUniform() * 5) }
  }()

  struct Run {
    var loss = 0.0
    var gradient = [Float](repeating: .nan, count: shape.storedCount)

    init(
      _ loss: AnyLoss, _ weights: ClassWeights?, labels: [UInt8] = ClassWeightTests.labels, threads: Int = 2,
      set: InstructionSet = .best
    ) {
      let cpu = CPUBackend(workers: threads, instructionSet: set)
      let head = Head(logits: shape, extent: extent, loss: loss, weights: weights, cpu)
      let scratch = AlignedBuffer<UInt8>(count: head.scratchBytes)
      self.loss = head.loss(
        logits: channelsLast(logits, shape), labels: labels, gradient: &gradient,
        scratch: UnsafeMutableRawPointer(scratch.base), WorkerPool(threads: threads))
    }
  }

  /// As in `HeadTests`.
  @Test(arguments: losses) func lossAndGradientArePyTorchs(_ loss: AnyLoss) throws {
    let golden = try GoldenFile("class-weights", in: .module)
    let run = Run(loss, Self.weights)
    let expected = try golden[loss.name + ".gradient"].values
    let terms = 4 * 26 + 8 * 3
    expectClose(
      channelsFirst(run.gradient, Self.shape), expected,
      bound: 2 * roundingBound(terms: terms) * expected.map(\.magnitude).max()!)
    let value = try golden[loss.name + ".loss"].values
    expectClose([Float(run.loss)], value, bound: roundingBound(terms: terms) * max(1, value[0]))
  }

  @Test(arguments: losses, InstructionSet.available) func neitherThreadsNorInstructionsChangeABit(
    _ loss: AnyLoss, set: InstructionSet
  ) {
    let (one, other) = (
      Run(loss, Self.weights, threads: 1, set: .scalar), Run(loss, Self.weights, threads: 3, set: set)
    )
    #expect(one.loss == other.loss)
    expectSameBits(other.gradient, one.gradient)
  }

  /// Weights of 1 are none, to the last bit where nothing but a product with 1 is added.
  @Test(arguments: losses) func weightsOfOneAreNone(_ loss: AnyLoss) {
    let (plain, weighted) = (Run(loss, nil), Run(loss, ClassWeights([1, 1, 1, 1, 1])))
    #expect(plain.loss == weighted.loss)
    expectSameBits(weighted.gradient, plain.gradient)
  }

  /// A batch of nothing but ignored voxels and of a class that does not count has no loss and no gradient.
  @Test(arguments: [AnyLoss.crossEntropy]) func voxelsWithoutWeightTeachNothing(_ loss: AnyLoss) {
    let labels = Self.labels.indices.map { $0 % 2 == 0 ? UInt8(3) : 255 }
    let run = Run(loss, Self.weights, labels: labels)
    #expect(run.loss == 0 && run.gradient.allSatisfy { $0 == 0 })
  }

  @Test func aSumOfWeightsCountsEveryVoxelOfEveryClass() {
    #expect(Self.weights.sum([4, 3, 2, 7, 1]) == 1 + 3 + 4 + 0 + 3.5)
    let sums = OverlapSums(
      common: [1, 1], predicted: [2, 2], labelled: [4, 3], crossEntropy: 1, weights: ClassWeights([0.5, 2]))
    #expect(sums.weight == 8 && sums.voxels == 7)
  }
}
