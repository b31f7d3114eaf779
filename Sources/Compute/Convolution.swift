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

  private let scalar: ScalarConvolution
  private let direct: DirectConvolution?

  package init(
    _ geometry: ConvolutionGeometry, precision: Precision = .float32, workers: Int,
    instructionSet: InstructionSet = .best
  ) {
    precondition(workers > 0, "a convolution needs workers, not \(workers)")
    precondition(InstructionSet.available.contains(instructionSet), "this processor has no \(instructionSet.rawValue)")
    (self.geometry, self.precision) = (geometry, precision)
    (self.workers, self.instructionSet) = (workers, instructionSet)
    scalar = ScalarConvolution(geometry: geometry)
    direct = ConvolutionKernels(instructionSet).map { DirectConvolution(geometry, workers: workers, kernels: $0) }
  }

  /// Bytes of scratch, 64-byte aligned, that any of the three operations needs, all threads together.
  package var scratchBytes: Int { (direct?.scratchFloats ?? 0) * MemoryLayout<Float>.stride }

  /// The kernels that serve forward, backward input and backward weights, for `--explain`.
  package var chosenKernel: String { direct == nil ? "scalar" : "direct \(instructionSet.rawValue)" }

  /// `y = W ∗ x + b`; padding channels of `y` become zero.
  package func forward(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    check(pool)
    guard let direct else { return scalar.forward(x: x, weights: weights, bias: bias, y: y, pool: pool) }
    direct.gather(
      backward: false, source: x, weights: weights, bias: bias, target: y, accumulate: false,
      scratch: floats(scratch), pool: pool)
  }

  /// `dx = Wᵀ ∗ dy`, or `dx += Wᵀ ∗ dy` with `accumulate`.
  package func backwardInput(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    check(pool)
    // No network asks for the gradient of its image, so the definition serves there.
    guard let direct, !geometry.inputIsPlanar else {
      return scalar.backwardInput(dy: dy, weights: weights, dx: dx, accumulate: accumulate, pool: pool)
    }
    direct.gather(
      backward: true, source: dy, weights: weights, bias: nil, target: dx, accumulate: accumulate,
      scratch: floats(scratch), pool: pool)
  }

  /// `dW[o, c, i, j, k] = Σ dy · x` over the batch's voxels, in PyTorch's layout.
  package func backwardWeights(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    check(pool)
    guard let direct else { return scalar.backwardWeights(x: x, dy: dy, dWeights: dWeights, pool: pool) }
    direct.gradient(x: x, dy: dy, dWeights: dWeights, scratch: floats(scratch), pool: pool)
  }

  private func check(_ pool: WorkerPool) {
    precondition(pool.threads <= workers, "planned for \(workers) workers, called with \(pool.threads)")
  }

  private func floats(_ scratch: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Float> {
    scratch.assumingMemoryBound(to: Float.self)
  }
}
