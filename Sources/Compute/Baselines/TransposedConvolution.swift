import CKernels

/// Transposed convolution that doubles H and W: kernel and stride (1,2,2).
///
///     y(2h + i, 2w + j) = b + W(i, j)ᵀ x(h, w),  i, j in {0, 1}
///
/// - Input:   `[N, D, H, W, inChannels]`
/// - Output:  `[N, D, 2H or 2H + 1, 2W or 2W + 1, outChannels]`; a last row or column beyond 2H or 2W holds the bias
///   alone, as with PyTorch's `output_size`
/// - Weights: `[inChannels][outChannels][1][2][2]`
package struct TransposedConvolution: Hashable, Sendable {
  package let input: Shape
  package let output: Shape
  package let instructionSet: InstructionSet

  package init(_ input: Shape, outChannels: Int, extent: Extent3, instructionSet: InstructionSet = .best) {
    let (from, to) = (input.extent, extent)
    precondition(
      to.depth == from.depth && to.height / 2 == from.height && to.width / 2 == from.width,
      "\(from) does not double to \(to)")
    self.input = input
    output = Shape(batch: input.batch, extent, channels: outChannels)
    self.instructionSet = instructionSet
  }

  private var kernels: transposed_kernels { transposed_variant(instructionSet.variant).pointee }

  package var weightCount: Int { input.channels * output.channels * 4 }
  package var multiplyAdds: Int { input.voxels * input.channels * output.channels * 4 }

  /// Bytes of scratch that any of the three passes needs, all threads together.
  package var scratchBytes: Int {
    withUnsafePointer(to: shape) {
      max(kernels.packed_count($0), kernels.sums_count($0)) * MemoryLayout<Float>.stride
    }
  }

  private var rows: Int { input.batch * input.extent.depth * input.extent.height }

  private var shape: transposed_shape {
    transposed_shape(
      slices: input.batch * input.extent.depth, height: input.extent.height, width: input.extent.width,
      out_height: output.extent.height, out_width: output.extent.width, in: input.channels, out: output.channels)
  }

  package func forward(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let weights = packed(weights, kernels.pack_forward, blocks: output.paddedChannels / 16, scratch, pool)
    pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) { kernels.forward($0, x, weights, bias, y, range.lowerBound, range.upperBound) }
    }
  }

  package func backwardInput(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let weights = packed(weights, kernels.pack_backward, blocks: input.paddedChannels / 16, scratch, pool)
    pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) {
        kernels.backward_input($0, dy, weights, dx, accumulate ? 1 : 0, range.lowerBound, range.upperBound)
      }
    }
  }

  /// Split over weights, never over voxels. The bias's gradient is the sum of `dy` over voxels.
  package func backwardWeights(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let sums = scratch.assumingMemoryBound(to: Float.self)
    pool.forEachOnce(input.paddedChannels / 8) { range, _ in
      withUnsafePointer(to: shape) {
        kernels.backward_weights($0, x, dy, dWeights, sums, range.lowerBound, range.upperBound)
      }
    }
  }

  private typealias Packer =
    @convention(c) (
      UnsafePointer<transposed_shape>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int, Int
    ) -> Void

  /// The weights as this variant reads them: packed into scratch by all threads, or as they are.
  private func packed(
    _ weights: UnsafePointer<Float>, _ pack: Packer, blocks: Int, _ scratch: UnsafeMutableRawPointer,
    _ pool: WorkerPool
  ) -> UnsafePointer<Float> {
    if withUnsafePointer(to: shape, { kernels.packed_count($0) }) == 0 { return weights }
    let packed = scratch.assumingMemoryBound(to: Float.self)
    pool.forEach(4 * blocks) { range, _ in
      withUnsafePointer(to: shape) { pack($0, weights, packed, range.lowerBound, range.upperBound) }
    }
    return UnsafePointer(packed)
  }
}
