import CKernels
import Compute
import Networks

extension MaxPooling: CPUOperation {
  /// Rows of the output, sixteen channels at a time.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    MaxPoolingKernel(inputs[0], instructionSet: cpu.instructionSet)
  }
}

/// Exact: every instruction set gives the same bits.
package struct MaxPoolingKernel: OneInputKernel {
  /// Shape of the input, `[N, D, H, W, C]`.
  package let input: Shape
  /// Shape of the output, `[N, D, ⌊H/2⌋, ⌊W/2⌋, C]`.
  package let output: Shape
  private let shape: max_pooling_shape
  private let kernels: max_pooling_kernels

  /// - Precondition: at least one window of 1x2x2.
  package init(_ input: Shape, instructionSet: InstructionSet = .best) {
    self.input = input
    output = MaxPooling().outputShape(of: [input])
    shape = max_pooling_shape(
      slices: input.batch * input.extent.depth, height: input.extent.height, width: input.extent.width,
      stored: input.paddedChannels)
    kernels = instructionSet.kernels.max_pooling.pointee
  }

  private var rows: Int { output.batch * output.extent.depth * output.extent.height }

  /// The largest of every window.
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
        kernels.backward(
          $0, x, dy, gradient_target(dx, accumulate: accumulate), range.lowerBound, range.upperBound)
      }
    }
  }
}
