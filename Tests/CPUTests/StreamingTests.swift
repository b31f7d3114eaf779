import CKernels
import CPU
import Compute
import Foundation
import Networks
import TestSupport
import Testing

/// Large targets on cache lines are stored past the caches; the same results must arrive there as in a target beside the
/// lines, which is stored the common way.
struct StreamingTests {
  static let vectorSets = InstructionSet.available.filter { $0 != .scalar }

  struct Example: Sendable, CustomTestStringConvertible {
    let algorithm: ConvolutionAlgorithm
    var kernel: Extent3 = 3
    var channels = 16
    var testDescription: String { "\(algorithm.name) of \(channels) channels" }
  }

  static let examples = [
    Example(algorithm: .direct), Example(algorithm: .direct, channels: 1),
    Example(algorithm: .conv1x1, kernel: 1), Example(algorithm: .winograd(WinogradScheme(.small, slices: 2))),
  ]

  @Test(arguments: examples, vectorSets) func convolutionsDo(_ example: Example, _ set: InstructionSet) {
    let geometry = ConvolutionGeometry(
      input: Shape(batch: 1, Extent3(8, 128, 65), channels: example.channels), outChannels: 64, kernel: example.kernel)
    let inputs = ConvolutionInputs(geometry)
    let kernel = ConvolutionKernel(geometry, workers: 2, instructionSet: set, algorithm: example.algorithm)
    let pool = WorkerPool(threads: 2)
    expectSame(count: geometry.output.storedCount) { y in
      withScratch(kernel.scratchBytes) { scratch in
        withPointer(inputs.bias) { bias in
          kernel.forward(
            x: inputs.x, weights: inputs.weights, finish: ConvolutionFinish(bias: bias), y: MutableActivation(y),
            scratch: scratch, pool: pool)
        }
      }
    }
    if example.channels == 1 { return }
    // The other way round, for now the gradient with respect to the input is the large target.
    let wide = ConvolutionGeometry(
      input: Shape(batch: 1, geometry.input.extent, channels: 64), outChannels: 16, kernel: example.kernel)
    let gradient = ConvolutionInputs(wide)
    let backward = ConvolutionKernel(wide, workers: 2, instructionSet: set, algorithm: example.algorithm)
    expectSame(count: wide.inputCount) { dx in
      withScratch(backward.scratchBytes) { scratch in
        gradient.dy.withUnsafeBufferPointer { dy in
          backward.backwardInput(
            dy: Activation(dy.baseAddress!), weights: gradient.weights, dx: dx, accumulate: false, scratch: scratch,
            pool: pool)
        }
      }
    }
  }

  /// Cache lines of bfloat16; with channels that do not fill them there are none to stream.
  @Test(arguments: examples.filter { $0.algorithm != .conv1x1 }, [128, 144])
  func targetsInBfloat16Do(_ example: Example, _ outChannels: Int) {
    let geometry = ConvolutionGeometry(
      input: Shape(batch: 1, Extent3(8, 128, 65), channels: example.channels), outChannels: outChannels)
    let inputs = ConvolutionInputs(geometry)
    let rounded: [ConvolutionAlgorithm] = example.channels > 1 ? [.bfloat16] : []
    for algorithm in ([example.algorithm] + rounded).filter(\.isSupported) {
      let kernel = ConvolutionKernel(geometry, workers: 2, algorithm: algorithm)
      let pool = WorkerPool(threads: 2)
      expectSame(count: geometry.output.storedCount) { (y: UnsafeMutablePointer<UInt16>) in
        withScratch(kernel.scratchBytes) { scratch in
          kernel.forward(
            x: inputs.x, weights: inputs.weights, finish: ConvolutionFinish(), y: MutableActivation(y, .bfloat16),
            scratch: scratch, pool: pool)
        }
      }
    }
  }

  @Test(arguments: InstructionSet.available) func operationsDo(_ set: InstructionSet) {
    let (arithmetic, norm) = (set.kernels.arithmetic.pointee, set.kernels.batch_norm.pointee)
    let (voxels, stride) = (33000, 64)
    let count = voxels * stride
    let (a, b) = (randomValues(count, seed: 1), randomValues(count, seed: 2))
    let vector = randomValues(stride, seed: 3)
    for rectify: Int32 in [0, 1] {
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          let (a, b) = (Activation(a.baseAddress!).source, Activation(b.baseAddress!).source)
          expectSame(count: count) { arithmetic.add(a, b, $0, Int32(stride), voxels, Int32(stride), rectify) }
        }
        vector.withUnsafeBufferPointer { vector in
          var job = batch_norm_job(
            x: Activation(a.baseAddress!).source, mean: vector.baseAddress, scale: vector.baseAddress,
            shift: vector.baseAddress, voxels: voxels, stride: Int32(stride), rectify: rectify,
            slope: 0)
          expectSame(count: count) { norm.apply(&job, $0) }
        }
      }
    }
    a.withUnsafeBufferPointer { a in
      expectSame(count: voxels * 128) { to in
        var copy = channel_copy(
          from: a.baseAddress!, from_stride: 64, from_first: 0, to: to, to_stride: 128, to_first: 32, channels: 64,
          accumulate: 0, voxels: voxels)
        arithmetic.copy_channels(&copy)
      }
    }
    let gelu = GELUKernel(Shape(batch: 1, Extent3(voxels, 1, 1), channels: stride), instructionSet: set)
    let pool = WorkerPool(threads: 1)
    expectSame(count: count) { gelu.forward(x: a, y: $0, pool: pool) }
    expectSame(count: count) { gelu.backward(x: a, dy: b, dx: $0, accumulate: false, pool: pool) }
  }

  /// Fills a target on a cache line, and one four numbers behind it; where nothing is stored, both hold zero.
  private func expectSame<Number: BitwiseCopyable & Numeric>(
    count: Int, _ fill: (UnsafeMutablePointer<Number>) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let (aligned, shifted) = (AlignedBuffer<Number>(count: count), AlignedBuffer<Number>(count: count + 4))
    fill(aligned.base)
    fill(shifted.base + 4)
    let isSame = memcmp(aligned.base, shifted.base + 4, count * MemoryLayout<Number>.stride) == 0
    #expect(isSame, sourceLocation: sourceLocation)
    #expect((0..<count).contains { aligned[$0] != 0 }, sourceLocation: sourceLocation)
  }
}
