import CPU
import Compute
import Networks
import TestSupport
import Testing

/// Losses of two passes against PyTorch in double, and their gradients against differences of their values.
struct OverlapLossTests {
  struct Setting: Sendable, CustomStringConvertible {
    let name: String
    let loss: AnyLoss
    var description: String { name }
  }

  /// As in `Golden/make_overlap_losses.py`.
  static let settings: [Setting] = {
    var weighted = DiceCrossEntropyLoss()
    weighted.dice = DiceLoss(over: .batch, smoothing: 0, background: true)
    (weighted.diceWeight, weighted.crossEntropyWeight) = (0.5, 2)
    return [
      Setting(name: "dice-case", loss: AnyLoss(DiceLoss())),
      Setting(name: "dice-batch", loss: AnyLoss(DiceLoss(over: .batch))),
      Setting(name: "dice-background", loss: AnyLoss(DiceLoss(smoothing: 1, background: true))),
      Setting(name: "both", loss: AnyLoss(DiceCrossEntropyLoss())),
      Setting(name: "both-weighted", loss: AnyLoss(weighted)),
    ]
  }()

  struct Example: Sendable, CustomStringConvertible {
    let batch: Int
    let classes: Int
    let steepness: Float
    let width: Int
    var description: String { "overlap-\(batch)-\(classes)-\(width)" }
    var coarse: Shape { Shape(batch: batch, Extent3(4, 5, 3), channels: classes) }
    var extent: Extent3 { Extent3(4, 9, width) }

    var logits: [Float] {
      let drawn = OperationCase.drawn(coarse.voxels * classes, index: 0).map { $0 * steepness }
      return channelsLast(drawn, coarse)
    }

    /// Nobody has the last class, and the second case only the first three.
    var labels: [UInt8] {
      var stream = RandomStream(seed: OperationCase.seed, purpose: .test, index: 30)
      return (0..<batch * extent.count).map { voxel in
        let label = UInt8(stream.nextUniform() * Float(classes - 1))
        return voxel / extent.count == 1 ? label % 3 : label
      }
    }
  }

  static let examples = [
    Example(batch: 1, classes: 5, steepness: 1, width: 7), Example(batch: 3, classes: 5, steepness: 1, width: 7),
    Example(batch: 3, classes: 18, steepness: 10, width: 37),
  ]

  struct Run {
    var loss = 0.0
    var gradient: [Float]

    init(
      _ example: Example, _ loss: AnyLoss, logits: [Float]? = nil, threads: Int = 2, set: InstructionSet = .best
    ) {
      let cpu = CPUBackend(workers: threads, instructionSet: set)
      let head = Head(logits: example.coarse, extent: example.extent, loss: loss, cpu)
      let scratch = AlignedBuffer<UInt8>(count: head.scratchBytes)
      gradient = Array(repeating: .nan, count: example.coarse.storedCount)
      self.loss = head.loss(
        logits: logits ?? example.logits, labels: example.labels, gradient: &gradient,
        scratch: UnsafeMutableRawPointer(scratch.base), WorkerPool(threads: threads))
    }
  }

  /// As `HeadTests`: a logit of size s has an absolute error of s half units after interpolation, which exp makes relative;
  /// sums over voxels are in double.
  @Test(arguments: examples, settings) func lossAndGradientArePyTorchs(_ example: Example, _ setting: Setting) throws {
    let golden = try GoldenFile(example.description, in: .module)
    let run = Run(example, setting.loss)
    let expected = try golden[setting.name + ".gradient"].values
    let reach = example.width > 16 ? 4 * 26 : 16
    let bound = 2 * roundingBound(terms: reach + 8 * Int(example.steepness)) * expected.map(\.magnitude).max()!
    expectClose(channelsFirst(run.gradient, example.coarse), expected, bound: bound)
    let loss = try golden[setting.name + ".loss"].values
    expectClose([Float(run.loss)], loss, bound: roundingBound(terms: 8 + 8 * Int(example.steepness)) * max(1, loss[0]))
  }

  @Test(arguments: examples, InstructionSet.available) func neitherThreadsNorInstructionsChangeABit(
    _ example: Example, _ set: InstructionSet
  ) {
    for setting in Self.settings {
      let one = Run(example, setting.loss, threads: 1, set: .scalar)
      let other = Run(example, setting.loss, threads: 3, set: set)
      #expect(one.loss == other.loss, "\(setting)")
      expectSameBits(other.gradient, one.gradient, setting.name)
    }
  }

  /// Along random directions, with the definition's kernels. The values are sums in double of probabilities in single
  /// precision, so that steps of 2⁻⁵ lose 2⁻²⁴ / 2⁻⁵ of a mean at most, and their square's share of curvature.
  @Test(arguments: settings) func gradientsAreDifferencesOfTheLoss(_ setting: Setting) {
    let example = Self.examples[1]
    let (logits, run) = (example.logits, Run(example, setting.loss, set: .scalar))
    for seed in 1...4 as ClosedRange<UInt64> {
      let direction = randomActivation(example.coarse, seed: seed)
      let step: Float = 0x1p-5
      let values = [step, -step].map { step in
        Run(example, setting.loss, logits: zip(logits, direction).map { $0 + step * $1 }, set: .scalar).loss
      }
      let difference = (values[0] - values[1]) / (2 * Double(step))
      let slope = zip(run.gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let size = zip(run.gradient, direction).reduce(0.0) { $0 + abs(Double($1.0) * Double($1.1)) }
      #expect(abs(difference - slope) < 1e-4 + 2e-3 * size, "\(setting), \(seed): \(difference) against \(slope)")
    }
  }
}
