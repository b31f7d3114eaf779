import CKernels
import Compute
import Networks

extension Sigmoid: CPUOperation {
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    SigmoidKernel(shape: inputs[0], kernels: cpu.kernels.arithmetic.pointee)
  }
}

private struct SigmoidKernel: Kernel {
  let shape: Shape
  let kernels: arithmetic_kernels

  func forward(_ call: ForwardCall) {
    call.pool.forEach(shape.voxels) { range, _ in
      kernels.sigmoid(
        call.inputs[0].voxel(range.lowerBound, of: shape), call.output.voxel(range.lowerBound, of: shape),
        range.count, Int32(shape.channels), Int32(shape.paddedChannels))
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0], let y = call.output else { return }
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.sigmoid_backward(
        call.outputGradient.voxel(start, of: shape), y.voxel(start, of: shape),
        gradient_target(target, voxel: start, of: shape), range.count * shape.paddedChannels)
    }
  }
}
