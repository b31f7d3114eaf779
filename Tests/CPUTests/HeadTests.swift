import CPU
import Compute
import Networks
import TestSupport
import Testing

/// The fused end of a network against PyTorch in double: resize, softmax, loss and gradient, and classification.
struct HeadTests {
  struct Example: Sendable, CustomStringConvertible {
    let kind: AnyLoss
    let classes: Int
    /// Logits are uniform in ± this; at 30 probabilities reach the reference's clamp.
    let steepness: Float
    /// Kernels take sixteen voxels of a row at a time: less than that, or two and a bit.
    var isWide = false
    var description: String { "loss-\(kind.name)-\(classes)-\(Int(steepness))" + (isWide ? "-wide" : "") }
    var coarse: Shape { Shape(batch: 2, Extent3(4, 5, 3), channels: classes) }
    var extent: Extent3 { Extent3(4, 9, isWide ? 37 : 7) }
    /// Outputs that an input reaches, at most.
    var reach: Int { isWide ? 4 * 26 : 16 }
  }

  static let examples = [AnyLoss.pixelwise, .crossEntropy].flatMap { kind in
    [5, 18].flatMap { classes in
      [1, 30].map { Example(kind: kind, classes: classes, steepness: $0) }
    } + [Example(kind: kind, classes: 18, steepness: 30, isWide: true)]
  }

  struct Run {
    var loss = 0.0
    var gradient: [Float]
    var classes: [UInt8]

    init(_ example: Example, threads: Int = 2, set: InstructionSet = .best) {
      let shape = example.coarse
      let head = Head(
        logits: shape, extent: example.extent, loss: example.kind, CPUBackend(workers: threads, instructionSet: set))
      let pool = WorkerPool(threads: threads)
      let drawn = OperationCase.drawn(shape.voxels * shape.channels, index: 0).map { $0 * example.steepness }
      let logits = channelsLast(drawn, shape)
      var stream = RandomStream(seed: OperationCase.seed, purpose: .test, index: 30)
      let labels = (0..<2 * example.extent.count).map { _ in UInt8(stream.nextUniform() * Float(example.classes)) }
      let scratch = AlignedBuffer<UInt8>(count: head.scratchBytes)
      gradient = Array(repeating: .nan, count: shape.storedCount)
      classes = Array(repeating: 255, count: labels.count)
      loss = head.loss(
        logits: logits, labels: labels, gradient: &gradient,
        scratch: UnsafeMutableRawPointer(scratch.base), pool)
      head.classify(
        logits: logits, into: &classes, scratch: UnsafeMutableRawPointer(scratch.base), pool)
    }
  }

  /// A logit of size s has an absolute error of s half units after interpolation (3 roundings), which exp makes relative;
  /// the gradient sums over `reach` outputs, p / (1 - p) and its balance double it.
  @Test(arguments: examples) func lossGradientAndClassesArePyTorchs(_ example: Example) throws {
    let golden = try GoldenFile(example.description, in: .module)
    let run = Run(example)
    let expected = try golden["gradient"].values
    let terms = example.reach + 8 * Int(example.steepness)
    let largest = expected.map(\.magnitude).max()!
    expectClose(
      channelsFirst(run.gradient, example.coarse), expected, bound: 2 * roundingBound(terms: terms) * largest)
    let loss = try golden["loss"].values
    expectClose([Float(run.loss)], loss, bound: roundingBound(terms: terms) * max(1, loss[0]))
    #expect(run.classes.map(Float.init) == (try golden["classes"].values))
  }

  @Test(arguments: examples, InstructionSet.available) func neitherThreadsNorInstructionsChangeABit(
    _ example: Example, set: InstructionSet
  ) {
    let (one, other) = (Run(example, threads: 1, set: .scalar), Run(example, threads: 3, set: set))
    #expect(one.loss == other.loss && one.classes == other.classes)
    expectSameBits(other.gradient, one.gradient)
  }

  @Test func aLogitThatIsNotANumberShowsInTheLoss() {
    for kind in [AnyLoss.pixelwise, .crossEntropy, AnyLoss(DiceLoss()), AnyLoss(DiceCrossEntropyLoss())] {
      let head = Head(
        logits: Shape(batch: 1, 1, channels: 3), extent: Extent3(1, 1, 1), loss: kind, CPUBackend(workers: 1))
      let scratch = AlignedBuffer<UInt8>(count: head.scratchBytes)
      var (logits, gradient) = ([Float](repeating: 0, count: 16), [Float](repeating: 0, count: 16))
      logits[2] = .nan
      let loss = head.loss(
        logits: logits, labels: [0], gradient: &gradient, scratch: UnsafeMutableRawPointer(scratch.base),
        WorkerPool(threads: 1))
      #expect(loss.isNaN)
    }
  }
}
