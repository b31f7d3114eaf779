import CKernels

/// Max pooling in the slice plane: window and stride (1,2,2), no padding.
///
///     y(h, w) = max x(2h + i, 2w + j),  i, j in {0, 1}
///
/// - Input:  `[N, D, H, W, C]`, H and W at least 2
/// - Output: `[N, D, ⌊H/2⌋, ⌊W/2⌋, C]`; an odd last row or column belongs to no window, as in PyTorch
///
/// The gradient goes to the window's first largest value. Exact: every instruction set gives the same bits.
package struct MaxPooling: Hashable, Sendable {
  package let input: Shape
  package let instructionSet: InstructionSet

  package init(_ input: Shape, instructionSet: InstructionSet = .best) {
    precondition(input.extent.height > 1 && input.extent.width > 1, "no window of 1x2x2 in \(input)")
    (self.input, self.instructionSet) = (input, instructionSet)
  }

  private var kernels: pooling_kernels { pooling_variant(instructionSet.variant).pointee }

  package var output: Shape {
    let extent = Extent3(input.extent.depth, input.extent.height / 2, input.extent.width / 2)
    return Shape(batch: input.batch, extent, channels: input.channels)
  }

  private var rows: Int { output.batch * output.extent.depth * output.extent.height }

  private var shape: pooling_shape {
    pooling_shape(
      slices: input.batch * input.extent.depth, height: input.extent.height, width: input.extent.width,
      stored: input.paddedChannels)
  }

  package func forward(x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, pool: WorkerPool) {
    pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) { kernels.forward($0, x, y, range.lowerBound, range.upperBound) }
    }
  }

  /// The forward pass's input decides again which value won.
  package func backward(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    pool: WorkerPool
  ) {
    pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) {
        kernels.backward($0, x, dy, dx, accumulate ? 1 : 0, range.lowerBound, range.upperBound)
      }
    }
  }
}
