import CKernels
import Compute
import Networks

extension GELU: CPUOperation {
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    GELUKernel(inputs[0], instructionSet: cpu.instructionSet)
  }
}

/// The vector kernels' relative error is below `relativeError`; beneath -13.2 they return 0, where |y| < 1e-38.
package struct GELUKernel: Kernel {
  /// Of y, and of y' relative to Φ + |x| φ: ten units of 2⁻²⁴, 8.3 seen over every 37th float.
  package static let relativeError: Float = 10 * 0x1p-24

  package let shape: Shape
  /// Of sixteen floats.
  private let groups: Int
  private let kernels: gelu_kernels

  package init(_ shape: Shape, instructionSet: InstructionSet = .best) {
    self.shape = shape
    groups = shape.storedCount / Shape.channelBlock
    kernels = instructionSet.kernels.gelu.pointee
  }

  package func forward(_ call: ForwardCall) { forward(x: call.inputs[0], y: call.output, pool: call.pool) }

  package func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    backward(
      x: call.inputs[0], dy: call.outputGradient, dx: target.pointer, accumulate: target.accumulate, pool: call.pool)
  }

  package func forward(x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, pool: WorkerPool) {
    pool.forEachOnce(groups) { range, _ in kernels.forward(x, y, range.lowerBound, range.upperBound) }
  }

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
