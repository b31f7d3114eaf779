import CKernels

/// GELU in its exact form (Hendrycks and Gimpel 2016), element by element.
///
///     y = x Φ(x),  y' = Φ(x) + x φ(x),  Φ and φ the standard normal distribution and density
///
/// The vector kernels' relative error is below `relativeError`; beneath -13.2 they return 0, where |y| < 1e-38.
package struct GELU: Hashable, Sendable {
  /// Of y, and of y' relative to Φ + |x| φ: ten units of 2⁻²⁴, 8.3 seen over every 37th float.
  package static let relativeError: Float = 10 * 0x1p-24

  package let shape: Shape
  package let instructionSet: InstructionSet

  package init(_ shape: Shape, instructionSet: InstructionSet = .best) {
    (self.shape, self.instructionSet) = (shape, instructionSet)
  }

  private var kernels: gelu_kernels { gelu_variant(instructionSet.variant).pointee }

  private var groups: Int { shape.storedCount / Shape.channelBlock }

  package func forward(x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, pool: WorkerPool) {
    pool.forEachOnce(groups) { range, _ in kernels.forward(x, y, range.lowerBound, range.upperBound) }
  }

  package func backward(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    pool: WorkerPool
  ) {
    pool.forEachOnce(groups) { range, _ in
      kernels.backward(x, dy, dx, accumulate ? 1 : 0, range.lowerBound, range.upperBound)
    }
  }
}
