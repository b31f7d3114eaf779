import CKernels
import Compute
import Networks

extension Addition: CPUOperation {
  /// One pass: sum, and ReLU where it was fused.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    AdditionKernel(shape: inputs[0], rectifies: rectifies, kernels: cpu.kernels.arithmetic.pointee)
  }
}

private struct AdditionKernel: Kernel {
  let shape: Shape
  let rectifies: Bool
  let kernels: arithmetic_kernels

  var normalizedInputs: Set<Int> { [0, 1] }

  func forward(_ call: ForwardCall) {
    call.pool.forEachOnce(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.add(
        call.storedInputs[0].voxel(start, of: shape).source, call.storedInputs[1].voxel(start, of: shape).source,
        call.output.voxel(start, of: shape), Int32(shape.paddedChannels), range.count, Int32(shape.paddedChannels),
        rectifies ? 1 : 0)
    }
  }

  func backward(_ call: BackwardCall) {
    let (left, right) = (call.inputGradients[0], call.inputGradients[1])
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.add_backward(
        call.outputGradient.voxel(start, of: shape), call.output?.voxel(start, of: shape),
        gradient_target(left, voxel: start, of: shape), gradient_target(right, voxel: start, of: shape),
        range.count * shape.paddedChannels)
    }
  }
}
