import CKernels
import Compute
import Networks

extension Rectifier: CPUOperation {
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    RectifierKernel(shape: inputs[0], kernels: cpu.kernels)
  }
}

private struct RectifierKernel: Kernel {
  let shape: Shape
  let kernels: operations_table

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
        target.pointer.voxel(start, of: shape), target.accumulate ? 1 : 0, nil, 0, range.count * shape.paddedChannels)
    }
  }
}
