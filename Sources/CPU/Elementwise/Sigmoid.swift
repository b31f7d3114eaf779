import CKernels
import Compute
import Networks

extension Sigmoid: CPUOperation {
  /// `y = σ(x)`, `dx = y (1 − y) dy`; padding channels stay zero.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    let (shape, kernels) = (inputs[0], cpu.kernels.arithmetic.pointee)
    return ActivationFunctionKernel(shape: shape) { x, y, voxels in
      kernels.sigmoid(x, y, voxels, Int32(shape.channels), Int32(shape.paddedChannels))
    } gradient: { dy, y, dx, voxels in
      kernels.sigmoid_backward(dy, y, dx, voxels * shape.paddedChannels)
    }
  }
}
