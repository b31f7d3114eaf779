import CKernels
import Compute
import Networks

extension Concatenation: CPUOperation {
  /// Copies channels forward and back; whole blocks of sixteen go by vectors.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    ConcatenationKernel(inputs: inputs, shape: outputShape(of: inputs), kernels: cpu.kernels.arithmetic.pointee)
  }
}

private struct ConcatenationKernel: Kernel {
  let inputs: [Shape]
  let shape: Shape
  let kernels: arithmetic_kernels

  func forward(_ call: ForwardCall) {
    call.pool.forEachOnce(shape.voxels) { range, _ in
      var first = 0
      for (slot, inputShape) in inputs.enumerated() {
        copy(
          call.inputs[slot].voxel(range.lowerBound, of: inputShape), inputShape, 0,
          to: call.output.voxel(range.lowerBound, of: shape), shape, first,
          channels: inputShape.channels, accumulate: false, voxels: range.count)
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
          copy(
            call.outputGradient.voxel(range.lowerBound, of: shape), shape, first,
            to: target.pointer.voxel(range.lowerBound, of: inputShape), inputShape, 0,
            channels: inputShape.channels, accumulate: target.accumulate, voxels: range.count)
          if !target.accumulate { clearPadding(of: target.pointer, inputShape, range) }
        }
        first += inputShape.channels
      }
    }
  }

  /// Channels from `fromFirst` on to channels from `toFirst` on.
  private func copy(
    _ from: UnsafePointer<Float>, _ fromShape: Shape, _ fromFirst: Int, to: UnsafeMutablePointer<Float>,
    _ toShape: Shape, _ toFirst: Int, channels: Int, accumulate: Bool, voxels: Int
  ) {
    var copy = channel_copy(
      from: from, from_stride: Int32(fromShape.paddedChannels), from_first: Int32(fromFirst), to: to,
      to_stride: Int32(toShape.paddedChannels), to_first: Int32(toFirst), channels: Int32(channels),
      accumulate: accumulate ? 1 : 0, voxels: voxels)
    kernels.copy_channels(&copy)
  }

  private func clearPadding(of output: UnsafeMutablePointer<Float>, _ shape: Shape, _ voxels: Range<Int>) {
    let padding = shape.paddedChannels - shape.channels
    if padding == 0 { return }
    for voxel in voxels {
      (output.voxel(voxel, of: shape) + shape.channels).update(repeating: 0, count: padding)
    }
  }
}
