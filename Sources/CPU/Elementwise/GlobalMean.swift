import CKernels
import Compute
import Networks

extension GlobalMean: CPUOperation {
  /// Sums over fixed tiles in double, then over tiles in order.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel { GlobalMeanKernel(inputs[0], cpu) }
}

private struct GlobalMeanKernel: Kernel {
  private let shape: Shape
  private let kernels: arithmetic_kernels
  private let sums: ColumnSums

  init(_ input: Shape, _ cpu: CPUBackend) {
    (shape, kernels) = (input, cpu.kernels.arithmetic.pointee)
    sums = ColumnSums(voxels: input.extent.count, input.channels, cpu)
  }

  func scratchBytes(_ phase: Phase) -> Int {
    phase == .forward ? sums.bytes : shape.paddedChannels * MemoryLayout<Float>.stride
  }

  func forward(_ call: ForwardCall) {
    for volume in 0..<shape.batch {
      let mean = call.output.voxel(volume, of: shape)
      (mean + shape.channels).update(repeating: 0, count: shape.paddedChannels - shape.channels)
      sums(
        of: call.inputs[0].voxel(volume * shape.extent.count, of: shape), scale: 1 / Double(shape.extent.count),
        into: mean, scratch: call.scratch, pool: call.pool)
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    let share = call.scratch.assumingMemoryBound(to: Float.self)
    for volume in 0..<shape.batch {
      kernels.scale(
        call.outputGradient.voxel(volume, of: shape), 1 / Float(shape.extent.count), gradient_target(share),
        shape.paddedChannels)
      call.pool.forEach(shape.extent.count) { range, _ in
        let start = volume * shape.extent.count + range.lowerBound
        kernels.broadcast(
          share, nil, gradient_target(target, voxel: start, of: shape), range.count, Int32(shape.paddedChannels))
      }
    }
  }
}
