import CPU
import Compute
import Foundation
import Networks
import TestSupport
import Testing

/// Voxels without truth (labels that are no class) against the formulas in double: they have no loss, no gradient, and no
/// part in a mean. The logits have the image's extent, so that nothing is resized.
struct IgnoredVoxelTests {
  static let losses = [
    AnyLoss.crossEntropy, .pixelwise, AnyLoss(DiceLoss()),
    AnyLoss(DiceLoss(over: .batch, smoothing: 1, background: true)),
    AnyLoss(DiceCrossEntropyLoss()),
  ]

  static let classes = 5
  static let shape = Shape(batch: 2, Extent3(3, 4, 37), channels: classes)
  static let voxels = shape.extent.count

  /// `[N, K, D, H, W]`
  static let logits = OperationCase.drawn(shape.voxels * classes, index: 0).map { $0 * 4 }

  /// About a third are ignored, in runs and alone.
  static let labels: [UInt8] = {
    var stream = RandomStream(seed: OperationCase.seed, purpose: .test, index: 31)
    return (0..<shape.voxels).map { _ in
      let drawn = UInt8(stream.nextUniform() * Float(classes) * 1.5)
      return drawn < classes ? drawn : 255
    }
  }()

  struct Run {
    var loss = 0.0
    var gradient = [Float](repeating: .nan, count: shape.storedCount)

    init(_ loss: AnyLoss, labels: [UInt8] = IgnoredVoxelTests.labels, threads: Int = 2, set: InstructionSet = .best) {
      let cpu = CPUBackend(workers: threads, instructionSet: set)
      let head = Head(logits: shape, extent: shape.extent, loss: loss, cpu)
      let scratch = AlignedBuffer<UInt8>(count: head.scratchBytes)
      self.loss = head.loss(
        logits: channelsLast(logits, shape), labels: labels, gradient: &gradient,
        scratch: UnsafeMutableRawPointer(scratch.base), WorkerPool(threads: threads))
    }
  }

  /// The loss and its gradient `[N, K, D, H, W]`, by their formulas.
  struct Definition {
    var loss = 0.0
    var gradient = [Double](repeating: 0, count: shape.voxels * classes)

    /// Softmax of one voxel of one case.
    static func p(_ n: Int, _ voxel: Int) -> [Double] {
      let z = (0..<classes).map { exp(Double(logits[(n * classes + $0) * voxels + voxel])) }
      return z.map { $0 / z.reduce(0, +) }
    }

    /// Calls `body` with case, voxel, softmax and one-hot label of every voxel that counts.
    static func forEach(_ body: (_ n: Int, _ voxel: Int, _ p: [Double], _ y: [Double]) -> Void) {
      for n in 0..<2 {
        for voxel in 0..<voxels where labels[n * voxels + voxel] < classes {
          let label = Int(labels[n * voxels + voxel])
          body(n, voxel, p(n, voxel), (0..<classes).map { $0 == label ? 1 : 0 })
        }
      }
    }

    init(_ loss: AnyLoss) {
      switch loss.value.passes {
      case .terms(let term): setTerms(term)
      case .overlaps(let overlaps): setOverlaps(overlaps)
      }
    }

    private mutating func setTerms(_ term: VoxelTerm) {
      var (sum, gradient, counted) = (0.0, self.gradient, 0)
      Self.forEach { n, voxel, p, y in
        counted += 1
        // The derivatives by p times p, class by class.
        let r: [Double]
        switch term {
        case .crossEntropy:
          sum -= zip(p, y).reduce(0) { $0 + $1.1 * log($1.0) }
          r = y.map { -$0 }
        case .pixelwise:
          sum -= zip(p, y).reduce(0) { $0 + $1.1 * log($1.0) + (1 - $1.1) * log(1 - $1.0) }
          r = zip(p, y).map { $1 == 1 ? -1 : $0 / (1 - $0) }
        }
        let all = r.reduce(0, +)
        for c in 0..<classes { gradient[(n * classes + c) * voxels + voxel] = r[c] - p[c] * all }
      }
      let terms = Double(term == .pixelwise ? counted * classes : counted)
      (self.loss, self.gradient) = (sum / terms, gradient.map { $0 / terms })
    }

    private mutating func setOverlaps(_ overlaps: ([OverlapSums]) -> OverlapLoss) {
      let none = [Double](repeating: 0, count: classes)
      var sums = (0..<2).map { _ in OverlapSums(common: none, predicted: none, labelled: none, crossEntropy: 0) }
      Self.forEach { n, _, p, y in
        for c in 0..<classes {
          sums[n].common[c] += p[c] * y[c]
          sums[n].predicted[c] += p[c]
          sums[n].labelled[c] += y[c]
          sums[n].crossEntropy -= y[c] * log(p[c])
        }
      }
      let result = overlaps(sums)
      var gradient = self.gradient
      Self.forEach { n, voxel, p, y in
        let by = result.derivatives[n]
        let g = (0..<classes).map { by.predicted[$0] + y[$0] * by.common[$0] }
        let mean = zip(p, g).reduce(0) { $0 + $1.0 * $1.1 }
        for c in 0..<classes {
          gradient[(n * classes + c) * voxels + voxel] = p[c] * (g[c] - mean) + by.crossEntropy * (p[c] - y[c])
        }
      }
      (self.loss, self.gradient) = (result.value, gradient)
    }
  }

  /// As in `HeadTests`: an error of a logit of size 4 is made relative by exp; a voxel's gradient is a sum over classes.
  @Test(arguments: losses) func theyHaveNoLossAndNoGradient(_ loss: AnyLoss) {
    let (run, expected) = (Run(loss), Definition(loss))
    let largest = Float(expected.gradient.map(\.magnitude).max()!)
    let terms = 8 * 4 + 2 * Self.classes
    expectClose(
      channelsFirst(run.gradient, Self.shape), expected.gradient.map(Float.init),
      bound: 2 * roundingBound(terms: terms) * largest)
    expectClose(
      [Float(run.loss)], [Float(expected.loss)],
      bound: 2 * roundingBound(terms: terms) * max(1, Float(expected.loss)))
    let gradient = channelsFirst(run.gradient, Self.shape)
    for n in 0..<2 {
      for voxel in 0..<Self.voxels where Self.labels[n * Self.voxels + voxel] == 255 {
        #expect((0..<Self.classes).allSatisfy { gradient[(n * Self.classes + $0) * Self.voxels + voxel] == 0 })
      }
    }
  }

  @Test(arguments: losses, InstructionSet.available) func neitherThreadsNorInstructionsChangeABit(
    _ loss: AnyLoss, set: InstructionSet
  ) {
    let (one, other) = (Run(loss, threads: 1, set: .scalar), Run(loss, threads: 3, set: set))
    #expect(one.loss == other.loss)
    expectSameBits(other.gradient, one.gradient)
  }

  @Test(arguments: losses) func aBatchThatIsIgnoredWhollyTeachesNothing(_ loss: AnyLoss) {
    let run = Run(loss, labels: Array(repeating: 255, count: Self.shape.voxels))
    #expect(run.loss.isFinite && run.gradient.allSatisfy { $0 == 0 })
  }
}
