import CKernels
import Compute
import Networks

extension Concatenation: CPUOperation {
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    ConcatenationKernel(inputs: inputs, shape: outputShape(of: inputs), kernels: cpu.kernels)
  }
}

private struct ConcatenationKernel: Kernel {
  let inputs: [Shape]
  let shape: Shape
  let kernels: operations_table

  func forward(_ call: ForwardCall) {
    call.pool.forEachOnce(shape.voxels) { range, _ in
      var first = 0
      for (slot, inputShape) in inputs.enumerated() {
        kernels.copy_channels(
          call.inputs[slot].voxel(range.lowerBound, of: inputShape), Int32(inputShape.paddedChannels), 0,
          call.output.voxel(range.lowerBound, of: shape), Int32(shape.paddedChannels), Int32(first),
          Int32(inputShape.channels), 0, range.count)
        first += inputShape.channels
      }
      clearPadding(of: call.output, shape, range)
    }
  }

  func backward(_ call: BackwardCall) {
    call.pool.forEachOnce(shape.voxels) { range, _ in
      var first = 0
      for (target, inputShape) in zip(call.inputGradients, inputs) {
        if let target {
          kernels.copy_channels(
            call.outputGradient.voxel(range.lowerBound, of: shape), Int32(shape.paddedChannels), Int32(first),
            target.pointer.voxel(range.lowerBound, of: inputShape), Int32(inputShape.paddedChannels), 0,
            Int32(inputShape.channels), target.accumulate ? 1 : 0, range.count)
          if !target.accumulate { clearPadding(of: target.pointer, inputShape, range) }
        }
        first += inputShape.channels
      }
    }
  }

  private func clearPadding(of output: UnsafeMutablePointer<Float>, _ shape: Shape, _ voxels: Range<Int>) {
    let padding = shape.paddedChannels - shape.channels
    if padding == 0 { return }
    for voxel in voxels {
      (output.voxel(voxel, of: shape) + shape.channels).update(repeating: 0, count: padding)
    }
  }
}
