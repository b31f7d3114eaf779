import CKernels
import Compute
import Networks

extension Rectifier: CPUOperation {
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    RectifierKernel(shape: inputs[0], kernels: cpu.kernels.arithmetic.pointee)
  }
}

private struct RectifierKernel: Kernel {
  let shape: Shape
  let kernels: arithmetic_kernels

  func forward(_ call: ForwardCall) {
    call.pool.forEach(shape.voxels) { range, _ in
      let count = range.count * shape.paddedChannels
      kernels.rectify(
        call.inputs[0].voxel(range.lowerBound, of: shape), call.output.voxel(range.lowerBound, of: shape), count)
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0], let y = call.output else { return }
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.add_backward(
        call.outputGradient.voxel(start, of: shape), y.voxel(start, of: shape),
        gradient_target(target, voxel: start, of: shape), gradient_target(nil), range.count * shape.paddedChannels)
    }
  }
}
