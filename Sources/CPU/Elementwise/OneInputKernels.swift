import CKernels
import Compute
import Networks

/// A kernel of one input and no parameters whose gradient is made of that input again.
package protocol OneInputKernel: Kernel {
  /// - Parameters:
  ///   - x: the input, `[N, D, H, W, C]`.
  ///   - y: the output.
  func forward(x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, pool: WorkerPool)

  /// Writes the input's gradient to `dx`, or adds it with `accumulate`.
  func backward(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    pool: WorkerPool)
}

extension OneInputKernel {
  /// The output of a planned call.
  package func forward(_ call: ForwardCall) { forward(x: call.inputs[0], y: call.output, pool: call.pool) }

  /// The input's gradient, where somebody needs it.
  package func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    backward(
      x: call.inputs[0], dy: call.outputGradient, dx: target.pointer, accumulate: target.accumulate, pool: call.pool)
  }
}

/// A function of one input, element by element, whose derivative is a function of its value: ReLU, sigmoid.
struct ActivationFunctionKernel: Kernel {
  let shape: Shape
  /// `y = f(x)` for so many voxels.
  let value: (_ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ voxels: Int) -> Void
  /// `dx = f'(y) dy` for so many voxels.
  let gradient: (_ dy: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ dx: gradient_target, _ voxels: Int) -> Void

  func forward(_ call: ForwardCall) {
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      value(call.inputs[0].voxel(start, of: shape), call.output.voxel(start, of: shape), range.count)
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0], let y = call.output else { return }
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      gradient(
        call.outputGradient.voxel(start, of: shape), y.voxel(start, of: shape),
        gradient_target(target, voxel: start, of: shape), range.count)
    }
  }
}
