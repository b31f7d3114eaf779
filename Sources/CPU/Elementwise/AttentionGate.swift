import CKernels
import Compute
import Networks

extension AttentionGate: CPUOperation {
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    AttentionGateKernel(inputs[0], instructionSet: cpu.instructionSet)
  }
}

package struct AttentionGateKernel: Kernel {
  package let shape: Shape
  private let geometry: scaling_shape
  private let kernels: gate_kernels

  package init(_ shape: Shape, instructionSet: InstructionSet = .best) {
    self.shape = shape
    geometry = scaling_shape(voxels: shape.voxels, channels: shape.channels)
    kernels = instructionSet.kernels.gate.pointee
  }

  package func forward(_ call: ForwardCall) {
    forward(x: call.inputs[0], a: call.inputs[1], y: call.output, pool: call.pool)
  }

  package func backward(_ call: BackwardCall) {
    guard let dx = call.inputGradients[0], let da = call.inputGradients[1] else {
      preconditionFailure("attention gate of inputs without gradient")
    }
    backward(
      x: call.inputs[0], a: call.inputs[1], dy: call.outputGradient, dx: (dx.pointer, dx.accumulate),
      da: (da.pointer, da.accumulate), pool: call.pool)
  }

  package func forward(
    x: UnsafePointer<Float>, a: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    pool.forEach(shape.voxels) { range, _ in
      withUnsafePointer(to: geometry) { kernels.forward($0, x, a, y, range.lowerBound, range.upperBound) }
    }
  }

  /// dx = dy σ(a), da = σ(a) σ(−a) Σ over channels of dy x.
  package func backward(
    x: UnsafePointer<Float>, a: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: (pointer: UnsafeMutablePointer<Float>, accumulate: Bool),
    da: (pointer: UnsafeMutablePointer<Float>, accumulate: Bool), pool: WorkerPool
  ) {
    pool.forEach(shape.voxels) { range, _ in
      withUnsafePointer(to: geometry) {
        kernels.backward(
          $0, x, a, dy, gradient_target(dx.pointer, accumulate: dx.accumulate),
          gradient_target(da.pointer, accumulate: da.accumulate), range.lowerBound, range.upperBound)
      }
    }
  }
}
