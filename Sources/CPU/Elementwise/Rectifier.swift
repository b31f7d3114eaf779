import CKernels
import Compute
import Networks

extension Rectifier: CPUOperation {
  /// `y = max(0, x)`; the gradient passes where y is positive.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    let (stored, kernels) = (inputs[0].paddedChannels, cpu.kernels.arithmetic.pointee)
    return ActivationFunctionKernel(shape: inputs[0]) { x, y, voxels in
      kernels.rectify(x, y, voxels * stored)
    } gradient: { dy, y, dx, voxels in
      kernels.add_backward(dy, y, dx, gradient_target(nil), voxels * stored)
    }
  }
}
