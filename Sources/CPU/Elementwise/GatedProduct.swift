import CKernels
import Compute
import Networks

extension GatedProduct: CPUOperation {
  /// One pass forward and one back; the gate's gradient is summed over voxels in fixed tiles.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel { GatedProductKernel(inputs[2], cpu) }
}

private struct GatedProductKernel: Kernel {
  private let shape: Shape
  private let kernels: arithmetic_kernels
  private let sums: ColumnSums

  init(_ shape: Shape, _ cpu: CPUBackend) {
    (self.shape, kernels) = (shape, cpu.kernels.arithmetic.pointee)
    sums = ColumnSums(voxels: shape.extent.count, shape.channels, cpu)
  }

  /// The gate's gradient behind the partial sums, in case nobody asks for it.
  func scratchBytes(_ phase: Phase) -> Int {
    phase == .backward ? sums.bytes + shape.paddedChannels * MemoryLayout<Float>.stride : 0
  }

  func forward(_ call: ForwardCall) {
    for volume in 0..<shape.batch {
      call.pool.forEachOnce(shape.extent.count) { range, _ in
        let start = volume * shape.extent.count + range.lowerBound
        var job = job(
          gate: call.inputs[0].voxel(volume, of: shape), a: call.inputs[1].voxel(start, of: shape),
          b: call.inputs[2].voxel(start, of: shape), voxels: range.count)
        kernels.gated_product(&job, call.output.voxel(start, of: shape))
      }
    }
  }

  func backward(_ call: BackwardCall) {
    for volume in 0..<shape.batch {
      let start = volume * shape.extent.count
      let target = call.inputGradients[0]
      let gradient =
        target?.pointer.voxel(volume, of: shape) ?? (call.scratch + sums.bytes).assumingMemoryBound(to: Float.self)
      (gradient + shape.channels).update(repeating: 0, count: shape.paddedChannels - shape.channels)
      var job = job(
        gate: call.inputs[0].voxel(volume, of: shape), a: call.inputs[1].voxel(start, of: shape),
        b: call.inputs[2].voxel(start, of: shape), voxels: shape.extent.count)
      job.dy = call.outputGradient.voxel(start, of: shape)
      job.da = gradient_target(call.inputGradients[1], voxel: start, of: shape)
      job.db = gradient_target(call.inputGradients[2], voxel: start, of: shape)
      withUnsafePointer(to: job) { job in
        sums(into: gradient, accumulate: target?.accumulate ?? false, scratch: call.scratch, pool: call.pool) {
          kernels.gated_product_backward(job, $0, $1.lowerBound, $1.upperBound)
        }
      }
    }
  }

  private func job(
    gate: UnsafePointer<Float>, a: UnsafePointer<Float>, b: UnsafePointer<Float>, voxels: Int
  ) -> gated_product_job {
    gated_product_job(
      gate: gate, a: a, b: b, dy: a, da: gradient_target(nil), db: gradient_target(nil), voxels: voxels,
      stride: Int32(shape.paddedChannels))
  }
}
