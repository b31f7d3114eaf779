import CKernels
import Compute
import Networks

extension AttentionGate: CPUOperation {
  /// One pass over the voxels: the gate once, then its products.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    AttentionGateKernel(inputs[0], instructionSet: cpu.instructionSet)
  }
}

/// `y(v, c) = x(v, c) σ(a(v))`; `a` is read from channel 0 of a map that is stored 16 channels wide.
package struct AttentionGateKernel: Kernel {
  /// Shape of x and y, `[N, D, H, W, C]`.
  package let shape: Shape
  private let geometry: scaling_shape
  private let kernels: gate_kernels

  /// - Parameter shape: of x and y; `a` has the same voxels.
  package init(_ shape: Shape, instructionSet: InstructionSet = .best) {
    self.shape = shape
    geometry = scaling_shape(voxels: shape.voxels, channels: shape.channels)
    kernels = instructionSet.kernels.gate.pointee
  }

  /// `x` is input 0, `a` input 1.
  package func forward(_ call: ForwardCall) {
    forward(x: call.inputs[0], a: call.inputs[1], y: call.output, pool: call.pool)
  }

  /// Both gradients in one pass; an input without gradient traps, because gates stand behind convolutions only.
  package func backward(_ call: BackwardCall) {
    guard let dx = call.inputGradients[0], let da = call.inputGradients[1] else {
      preconditionFailure("attention gate of inputs without gradient")
    }
    backward(
      x: call.inputs[0], a: call.inputs[1], dy: call.outputGradient, dx: (dx.pointer, dx.accumulate),
      da: (da.pointer, da.accumulate), pool: call.pool)
  }

  /// `y = x σ(a)`, voxels shared among the pool's threads.
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
