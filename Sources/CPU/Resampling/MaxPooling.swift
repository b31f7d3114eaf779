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
    normalizedInputs = instructionSet == .scalar ? [] : [0]
  }

  private var rows: Int { output.batch * output.extent.depth * output.extent.height }

  /// The input, unless the definition serves.
  package let normalizedInputs: Set<Int>

  /// The output of a planned call.
  package func forward(_ call: ForwardCall) { forward(call.storedInputs[0].source, y: call.output, pool: call.pool) }

  /// The input's gradient, where somebody needs it.
  package func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    backward(
      call.storedInputs[0]!.source, dy: call.outputGradient,
      dx: gradient_target(target.pointer, accumulate: target.accumulate), pool: call.pool)
  }

  /// The largest of every window.
  package func forward(x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, pool: WorkerPool) {
    forward(Activation(x).source, y: y, pool: pool)
  }

  private func forward(_ x: activation_source, y: UnsafeMutablePointer<Float>, pool: WorkerPool) {
    pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) { kernels.forward($0, x, y, range.lowerBound, range.upperBound) }
    }
  }

  /// The forward pass's input decides again which value won.
  package func backward(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    pool: WorkerPool
  ) {
    backward(Activation(x).source, dy: dy, dx: gradient_target(dx, accumulate: accumulate), pool: pool)
  }

  private func backward(
    _ x: activation_source, dy: UnsafePointer<Float>, dx: gradient_target, pool: WorkerPool
  ) {
    pool.forEach(rows) { range, _ in
      withUnsafePointer(to: shape) { kernels.backward($0, x, dy, dx, range.lowerBound, range.upperBound) }
    }
  }
}
