import CKernels
import Compute
import Networks

extension Multiplication: CPUOperation {
  /// One pass; a gate's gradient is summed over voxels in fixed tiles.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    MultiplicationKernel(inputs[1], isGate: isGate(inputs), cpu)
  }
}

private struct MultiplicationKernel: Kernel {
  private let shape: Shape
  /// One factor is a single vector per volume.
  private let isGate: Bool
  private let kernels: arithmetic_kernels
  private let sums: ColumnSums

  init(_ shape: Shape, isGate: Bool, _ cpu: CPUBackend) {
    (self.shape, self.isGate, kernels) = (shape, isGate, cpu.kernels.arithmetic.pointee)
    sums = ColumnSums(voxels: shape.extent.count, shape.channels, cpu)
  }

  func scratchBytes(_ phase: Phase) -> Int { isGate && phase == .backward ? sums.bytes : 0 }

  func forward(_ call: ForwardCall) {
    if isGate {
      for volume in 0..<shape.batch {
        let gate = call.inputs[0].voxel(volume, of: shape)
        spread(gate, times: call.inputs[1], to: call.output, accumulate: false, volume, call.pool)
      }
    } else {
      call.pool.forEach(shape.voxels) { range, _ in
        let start = range.lowerBound
        kernels.multiply(
          call.inputs[0].voxel(start, of: shape), call.inputs[1].voxel(start, of: shape),
          call.output.voxel(start, of: shape), range.count * shape.paddedChannels)
      }
    }
  }

  func backward(_ call: BackwardCall) {
    if isGate { return gateBackward(call) }
    let (left, right) = (call.inputGradients[0], call.inputGradients[1])
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.multiply_backward(
        call.outputGradient.voxel(start, of: shape), call.inputs[0].voxel(start, of: shape),
        call.inputs[1].voxel(start, of: shape), gradient_target(left, voxel: start, of: shape),
        gradient_target(right, voxel: start, of: shape), range.count * shape.paddedChannels)
    }
  }

  /// The gate's gradient first: the other one may take the memory of `dy`.
  private func gateBackward(_ call: BackwardCall) {
    let dy = call.outputGradient
    for volume in 0..<shape.batch {
      let start = volume * shape.extent.count
      if let target = call.inputGradients[0] {
        let gradient = target.pointer.voxel(volume, of: shape)
        (gradient + shape.channels).update(repeating: 0, count: shape.paddedChannels - shape.channels)
        sums(
          of: dy.voxel(start, of: shape), times: call.inputs[1].voxel(start, of: shape), into: gradient,
          accumulate: target.accumulate, scratch: call.scratch, pool: call.pool)
      }
      if let target = call.inputGradients[1] {
        let gate = call.inputs[0].voxel(volume, of: shape)
        spread(gate, times: dy, to: target.pointer, accumulate: target.accumulate, volume, call.pool)
      }
    }
  }

  private func spread(
    _ gate: UnsafePointer<Float>, times values: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>,
    accumulate: Bool, _ volume: Int, _ pool: WorkerPool
  ) {
    let first = volume * shape.extent.count
    pool.forEach(shape.extent.count) { range, _ in
      let start = first + range.lowerBound
      kernels.broadcast(
        gate, values.voxel(start, of: shape),
        gradient_target(output.voxel(start, of: shape), accumulate: accumulate), range.count,
        Int32(shape.paddedChannels))
    }
  }
}
