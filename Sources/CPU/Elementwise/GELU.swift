import CKernels
import Compute
import Networks

extension GELU: CPUOperation {
  /// One pass over groups of sixteen numbers, padding channels included: GELU of 0 is 0.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    GELUKernel(inputs[0], instructionSet: cpu.instructionSet)
  }
}

/// The vector kernels' relative error is below `relativeError`; beneath -13.2 they return 0, where |y| < 1e-38.
package struct GELUKernel: OneInputKernel {
  /// Of y, and of y' relative to Φ + |x| φ: ten units of 2⁻²⁴, 8.3 seen over every 37th float.
  package static let relativeError: Float = 10 * 0x1p-24

  /// Shape of x and y, `[N, D, H, W, C]`.
  package let shape: Shape
  /// Of sixteen floats.
  private let groups: Int
  private let kernels: gelu_kernels

  /// - Parameter instructionSet: the definition for `scalar`, vector kernels for others.
  package init(_ shape: Shape, instructionSet: InstructionSet = .best) {
    self.shape = shape
    groups = shape.storedCount / Shape.channelBlock
    kernels = instructionSet.kernels.gelu.pointee
  }

  /// `y = x Φ(x)`.
  package func forward(x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, pool: WorkerPool) {
    pool.forEachOnce(groups) { range, _ in kernels.forward(x, y, range.lowerBound, range.upperBound) }
  }

  /// `dx = dy (Φ(x) + x φ(x))`, or added to `dx` with `accumulate`.
  package func backward(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    pool: WorkerPool
  ) {
    pool.forEachOnce(groups) { range, _ in
      kernels.backward(
        x, dy, gradient_target(dx, accumulate: accumulate), range.lowerBound, range.upperBound)
    }
  }
}
