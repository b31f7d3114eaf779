import CKernels
import Compute
import Networks

extension DepthwiseConvolution: CPUOperation {
  /// Packed rows of a slice per worker, sixteen channels at a time.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    DepthwiseConvolutionKernel(
      inputs[0], dilation: dilation, workers: cpu.workers, instructionSet: cpu.instructionSet)
  }
}

/// 98 operations for 8 bytes moved: bound by arithmetic on processors with one AVX-512 multiplier per core (Zen 4),
/// by memory on those with two.
package struct DepthwiseConvolutionKernel: ConvolutionPasses {
  /// Shape of input and output, `[N, D, H, W, C]`.
  package let shape: Shape
  /// The largest number of threads the scratch memory is laid out for.
  package let workers: Int
  private let geometry: depthwise_shape
  private let kernels: depthwise_kernels
  /// Over voxels, for the bias, which it always has.
  package let biasSums: ColumnSums?

  /// - Precondition: the dilation is positive.
  package init(_ shape: Shape, dilation: Int = 1, workers: Int, instructionSet: InstructionSet = .best) {
    precondition(dilation > 0, "no convolution of dilation \(dilation)")
    (self.shape, self.workers) = (shape, workers)
    geometry = depthwise_shape(
      slices: shape.batch * shape.extent.depth, height: shape.extent.height, width: shape.extent.width,
      channels: shape.channels, dilation: dilation)
    kernels = instructionSet.kernels.depthwise.pointee
    biasSums = ColumnSums(
      voxels: shape.voxels, shape.channels, CPUBackend(workers: workers, instructionSet: instructionSet))
  }

  /// `49 C`: how many numbers `W` has.
  package var weightCount: Int { shape.channels * 49 }

  /// Bytes of scratch that any of the three passes needs, all threads together.
  package var scratchBytes: Int { workers * scratchPerWorker * MemoryLayout<Float>.stride }

  private var scratchPerWorker: Int { withUnsafePointer(to: geometry) { kernels.scratch_count($0) } }
  private var blocks: Int { shape.paddedChannels / Shape.channelBlock }
  private var slices: Int { shape.batch * shape.extent.depth }

  /// Every channel by itself; items are blocks of sixteen channels of a slice.
  package func forward(
    x: Activation, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: MutableActivation, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    convolve(x.floats, weights, bias, flipped: false, y.floats, accumulate: false, scratch, pool)
  }

  /// The same convolution with the kernel turned by 180°.
  package func backwardInput(
    dy: Activation, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    convolve(dy.floats, weights, nil, flipped: true, dx, accumulate: accumulate, scratch, pool)
  }

  /// Split over weights, never over voxels. The bias's gradient is the sum of `dy` over voxels.
  package func backwardWeights(
    x: Activation, dy: Activation, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let (x, dy) = (x.floats, dy.floats)
    forEach(blocks * 7, scratch, pool) { geometry, range, own in
      kernels.backward_weights(geometry, x, dy, dWeights, own, range.lowerBound, range.upperBound)
    }
  }

  private func convolve(
    _ x: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, flipped: Bool,
    _ y: UnsafeMutablePointer<Float>, accumulate: Bool, _ scratch: UnsafeMutableRawPointer, _ pool: WorkerPool
  ) {
    forEach(slices * blocks, scratch, pool) { geometry, range, own in
      var call = depthwise_call(
        x: x, weights: weights, bias: bias, y: y, flipped: flipped ? 1 : 0, accumulate: accumulate ? 1 : 0)
      kernels.forward(geometry, &call, own, range.lowerBound, range.upperBound)
    }
  }

  private func forEach(
    _ items: Int, _ scratch: UnsafeMutableRawPointer, _ pool: WorkerPool,
    _ body: (UnsafePointer<depthwise_shape>, Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    precondition(pool.threads <= workers, "planned for \(workers) workers, called with \(pool.threads)")
    let (scratch, stride) = (scratch.assumingMemoryBound(to: Float.self), scratchPerWorker)
    pool.forEach(items) { range, worker in
      withUnsafePointer(to: geometry) { body($0, range, scratch + worker * stride) }
    }
  }
}
