import CKernels

/// Depthwise convolution in the slice plane: kernel (1,7,7), stride 1, "same" padding, every channel by itself.
///
///     y(h, w, c) = b(c) + Σ W(c, i, j) x(h + (i − 3) dilation, w + (j − 3) dilation, c)
///
/// - Input and output: `[N, D, H, W, C]`
/// - Weights: `[C][1][1][7][7]`
///
/// 98 operations for 8 bytes moved: bound by arithmetic on processors with one AVX-512 multiplier per core (Zen 4),
/// by memory on those with two.
package struct DepthwiseConvolution: Hashable, Sendable {
  package let shape: Shape
  package let dilation: Int
  package let workers: Int
  package let instructionSet: InstructionSet

  package init(_ shape: Shape, dilation: Int = 1, workers: Int, instructionSet: InstructionSet = .best) {
    precondition(dilation > 0, "no convolution of dilation \(dilation)")
    (self.shape, self.dilation, self.workers, self.instructionSet) = (shape, dilation, workers, instructionSet)
  }

  private var kernels: depthwise_kernels { depthwise_variant(instructionSet.variant).pointee }

  package var weightCount: Int { shape.channels * 49 }
  package var multiplyAdds: Int { shape.voxels * shape.channels * 49 }

  /// Bytes of scratch that any of the three passes needs, all threads together.
  package var scratchBytes: Int { workers * scratchPerWorker * MemoryLayout<Float>.stride }

  private var scratchPerWorker: Int { withUnsafePointer(to: geometry) { kernels.scratch_count($0) } }
  private var blocks: Int { shape.paddedChannels / Shape.channelBlock }
  private var slices: Int { shape.batch * shape.extent.depth }

  private var geometry: depthwise_shape {
    depthwise_shape(
      slices: slices, height: shape.extent.height, width: shape.extent.width, channels: shape.channels,
      dilation: dilation)
  }

  package func forward(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    convolve(x, weights, bias, flipped: false, y, accumulate: false, scratch, pool)
  }

  /// The same convolution with the kernel turned by 180°.
  package func backwardInput(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    convolve(dy, weights, nil, flipped: true, dx, accumulate: accumulate, scratch, pool)
  }

  /// Split over weights, never over voxels. The bias's gradient is the sum of `dy` over voxels.
  package func backwardWeights(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    forEach(blocks * 7, scratch, pool) { geometry, range, own in
      kernels.backward_weights(geometry, x, dy, dWeights, own, range.lowerBound, range.upperBound)
    }
  }

  private func convolve(
    _ x: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?, flipped: Bool,
    _ y: UnsafeMutablePointer<Float>, accumulate: Bool, _ scratch: UnsafeMutableRawPointer, _ pool: WorkerPool
  ) {
    forEach(slices * blocks, scratch, pool) { geometry, range, own in
      kernels.forward(
        geometry, x, weights, bias, flipped ? 1 : 0, y, accumulate ? 1 : 0, own, range.lowerBound, range.upperBound)
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
