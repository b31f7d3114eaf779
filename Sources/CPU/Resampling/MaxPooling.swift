import CKernels
import Compute
import Networks

extension MaxPooling: CPUOperation {
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    MaxPoolingKernel(inputs[0], instructionSet: cpu.instructionSet)
  }
}

/// Exact: every instruction set gives the same bits.
package struct MaxPoolingKernel: Kernel {
  package let input: Shape
  package let output: Shape
  private let shape: max_pooling_shape
  private let kernels: max_pooling_kernels

  package init(_ input: Shape, instructionSet: InstructionSet = .best) {
    self.input = input
    output = MaxPooling().outputShape(of: [input])
    shape = max_pooling_shape(
      slices: input.batch * input.extent.depth, height: input.extent.height, width: input.extent.width,
      stored: input.paddedChannels)
    kernels = instructionSet.kernels.max_pooling.pointee
  }

  private var rows: Int { output.batch * output.extent.depth * output.extent.height }

  package func forward(_ call: ForwardCall) { forward(x: call.inputs[0], y: call.output, pool: call.pool) }

  package func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    backward(
      x: call.inputs[0], dy: call.outputGradient, dx: target.pointer, accumulate: target.accumulate, pool: call.pool)
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
        kernels.backward(
          $0, x, dy, gradient_target(dx, accumulate: accumulate), range.lowerBound, range.upperBound)
      }
    }
  }
}
