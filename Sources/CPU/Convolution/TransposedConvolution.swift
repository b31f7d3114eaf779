import CKernels
import Compute
import Networks

extension TransposedConvolution: CPUOperation {
  /// Weights packed once a call, then input rows, each making two output rows.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    TransposedConvolutionKernel(
      inputs[0], outChannels: outChannels, extent: extent, stride: stride, instructionSet: cpu.instructionSet)
  }
}

/// Products of matrices, one for each place in the window, whose rows are the input's voxels.
package struct TransposedConvolutionKernel: ConvolutionPasses {
  /// Shape of the input, `[N, D, H, W, C]`.
  package let input: Shape
  /// Shape of the output, `[N, s₀D, s₁H or 2H + 1, s₂W or 2W + 1, outChannels]`.
  package let output: Shape
  /// Output voxels that an input voxel reaches.
  private let taps: Int
  private let shape: transposed_shape
  private let kernels: transposed_kernels
  /// Over voxels of the output, for the bias, which it always has.
  package let biasSums: ColumnSums?

  /// - Precondition: the input grows by the stride to `extent`.
  package init(
    _ input: Shape, outChannels: Int, extent: Extent3, stride: Extent3 = Extent3(1, 2, 2),
    instructionSet: InstructionSet = .best
  ) {
    let output = TransposedConvolution(outChannels: outChannels, extent: extent, stride: stride)
      .outputShape(of: [input])
    (self.input, self.output, taps) = (input, output, stride.count)
    shape = transposed_shape(
      slices: input.batch * input.extent.depth, height: input.extent.height, width: input.extent.width,
      out_height: output.extent.height, out_width: output.extent.width, in: input.channels, out: output.channels,
      window: (stride.depth, stride.height, stride.width))
    kernels = instructionSet.kernels.transposed.pointee
    biasSums = ColumnSums(
      voxels: output.voxels, outChannels, CPUBackend(workers: 1, instructionSet: instructionSet))
  }

  /// How many numbers `W` has.
  package var weightCount: Int { input.channels * output.channels * taps }

  /// Bytes of scratch that any of the three passes needs, all threads together.
  package var scratchBytes: Int {
    withUnsafePointer(to: shape) {
      max(kernels.packed_count($0), kernels.sums_count($0)) * MemoryLayout<Float>.stride
    }
  }

  private var rows: Int { input.batch * input.extent.depth * input.extent.height }

  /// Items are rows of the input; a last row or column beyond 2H or 2W holds the bias alone.
  package func forward(
    x: Activation, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: MutableActivation, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let (x, y) = (x.floats, y.floats)
    let weights = packed(weights, kernels.pack_forward, blocks: output.paddedChannels / 16, scratch, pool)
    pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) { kernels.forward($0, x, weights, bias, y, range.lowerBound, range.upperBound) }
    }
  }

  /// Items are rows of the input, each summed over the output voxels that its voxels made.
  package func backwardInput(
    dy: Activation, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let dy = dy.floats
    let weights = packed(weights, kernels.pack_backward, blocks: input.paddedChannels / 16, scratch, pool)
    pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) {
        kernels.backward_input(
          $0, dy, weights, gradient_target(dx, accumulate: accumulate), range.lowerBound, range.upperBound)
      }
    }
  }

  /// Split over weights, never over voxels. The bias's gradient is the sum of `dy` over voxels.
  package func backwardWeights(
    x: Activation, dy: Activation, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let (x, dy) = (x.floats, dy.floats)
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
    pool.forEach(taps * blocks) { range, _ in
      withUnsafePointer(to: shape) { pack($0, weights, packed, range.lowerBound, range.upperBound) }
    }
    return UnsafePointer(packed)
  }
}
