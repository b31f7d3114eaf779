import CKernels
import Compute

/// One vector per volume, at every voxel: `[N, 1, 1, 1, C]` -> `[N, D, H, W, C]`.
struct Broadcast: Operation {
  let extent: Extent3

  var kind: String { "broadcast" }

  func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0].extent == 1, "only one vector per volume can be broadcast, not \(inputs[0])")
    return Shape(batch: inputs[0].batch, extent, channels: inputs[0].channels)
  }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    phase == .backward ? ColumnSums(voxels: extent.count, inputs[0].channels).bytes : 0
  }

  func forward(_ call: ForwardCall) {
    let (shape, kernels) = (call.outputShape, call.settings.kernels)
    for volume in 0..<shape.batch {
      call.pool.forEach(extent.count) { range, _ in
        kernels.spread(
          call.inputs[0].voxel(volume, of: shape), nil,
          call.output.voxel(volume * extent.count + range.lowerBound, of: shape), 0, range.count,
          Int32(shape.paddedChannels))
      }
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    let shape = call.outputShape
    let sums = ColumnSums(voxels: extent.count, shape.channels)
    for volume in 0..<shape.batch {
      let gradient = target.pointer.voxel(volume, of: shape)
      (gradient + shape.channels).update(repeating: 0, count: shape.paddedChannels - shape.channels)
      sums(
        of: call.outputGradient.voxel(volume * extent.count, of: shape), into: gradient,
        accumulate: target.accumulate, call.settings, scratch: call.scratch, pool: call.pool)
    }
  }
}

extension Node {
  package func broadcast(to extent: Extent3) -> Node {
    shape.extent == extent ? self : applying(Broadcast(extent: extent))
  }
}
