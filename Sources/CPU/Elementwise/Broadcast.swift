import CKernels
import Compute
import Networks

extension Broadcast: CPUOperation {
  /// Copies forward; backward sums over voxels in fixed tiles.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    BroadcastKernel(outputShape(of: inputs), cpu)
  }
}

private struct BroadcastKernel: Kernel {
  private let shape: Shape
  private let kernels: arithmetic_kernels
  private let sums: ColumnSums

  init(_ output: Shape, _ cpu: CPUBackend) {
    (shape, kernels) = (output, cpu.kernels.arithmetic.pointee)
    sums = ColumnSums(voxels: output.extent.count, output.channels, cpu)
  }

  func scratchBytes(_ phase: Phase) -> Int { phase == .backward ? sums.bytes : 0 }

  func forward(_ call: ForwardCall) {
    let count = shape.extent.count
    for volume in 0..<shape.batch {
      call.pool.forEach(count) { range, _ in
        kernels.broadcast(
          call.inputs[0].voxel(volume, of: shape), nil,
          gradient_target(call.output.voxel(volume * count + range.lowerBound, of: shape)), range.count,
          Int32(shape.paddedChannels))
      }
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    for volume in 0..<shape.batch {
      let gradient = target.pointer.voxel(volume, of: shape)
      (gradient + shape.channels).update(repeating: 0, count: shape.paddedChannels - shape.channels)
      sums(
        of: call.outputGradient.voxel(volume * shape.extent.count, of: shape), into: gradient,
        accumulate: target.accumulate, scratch: call.scratch, pool: call.pool)
    }
  }
}
