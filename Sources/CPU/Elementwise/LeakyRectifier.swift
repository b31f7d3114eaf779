import CKernels
import Compute
import Networks

extension LeakyRectifier: CPUOperation {
  /// `y = max(x, slope x)`; the gradient is multiplied by the slope where y is not positive.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    let (stored, kernels, slope) = (inputs[0].paddedChannels, cpu.kernels.arithmetic.pointee, slope)
    return ActivationFunctionKernel(shape: inputs[0]) { x, y, voxels in
      kernels.leak(x, slope, y, voxels * stored)
    } gradient: { dy, y, dx, voxels in
      kernels.leak_backward(dy, y, slope, dx, voxels * stored)
    }
  }
}
