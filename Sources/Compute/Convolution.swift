import CKernels

/// One convolution of the plan: its geometry, the kernels that serve it, and the scratch memory they need.
///
/// Every call works in the caller's memory. Results do not depend on the number of threads.
package struct Convolution: Sendable {
  package let geometry: ConvolutionGeometry
  package let precision: Precision
  /// The largest number of threads the scratch memory is laid out for.
  package let workers: Int
  package let instructionSet: InstructionSet

  package init(
    _ geometry: ConvolutionGeometry, precision: Precision = .float32, workers: Int,
    instructionSet: InstructionSet = .best
  ) {
    precondition(workers > 0, "a convolution needs workers, not \(workers)")
    precondition(InstructionSet.available.contains(instructionSet), "this processor has no \(instructionSet.rawValue)")
    (self.geometry, self.precision) = (geometry, precision)
    (self.workers, self.instructionSet) = (workers, instructionSet)
  }

  /// Bytes of scratch, 64-byte aligned, that any of the three operations needs, all threads together.
  package var scratchBytes: Int { 0 }

  /// The kernels that serve forward, backward input and backward weights, for `--explain`.
  package var chosenKernel: String { "scalar" }

  /// `y = W ∗ x + b`; padding channels of `y` become zero.
  package func forward(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let shape = shape(for: pool)
    pool.forEach(rows(of: geometry.output)) { range, _ in
      withUnsafePointer(to: shape) {
        convolution_forward_scalar($0, x, weights, bias, y, range.lowerBound, range.upperBound)
      }
    }
  }

  /// `dx = Wᵀ ∗ dy`, or `dx += Wᵀ ∗ dy` with `accumulate`.
  package func backwardInput(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let shape = shape(for: pool)
    pool.forEach(rows(of: geometry.input)) { range, _ in
      withUnsafePointer(to: shape) {
        convolution_backward_input_scalar(
          $0, dy, weights, dx, accumulate ? 1 : 0, range.lowerBound, range.upperBound)
      }
    }
  }

  /// `dW[o, c, i, j, k] = Σ dy · x` over the batch's voxels, in PyTorch's layout.
  package func backwardWeights(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let shape = shape(for: pool)
    pool.forEach(geometry.outChannels * geometry.input.channels) { range, _ in
      withUnsafePointer(to: shape) {
        convolution_backward_weights_scalar($0, x, dy, dWeights, range.lowerBound, range.upperBound)
      }
    }
  }

  private func shape(for pool: WorkerPool) -> convolution_shape {
    precondition(pool.threads <= workers, "planned for \(workers) workers, called with \(pool.threads)")
    return geometry.cShape
  }

  private func rows(of shape: Shape) -> Int { shape.batch * shape.extent.depth * shape.extent.height }
}
