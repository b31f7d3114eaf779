import CKernels
import Compute

/// The mean over a volume's voxels: `[N, D, H, W, C]` -> `[N, 1, 1, 1, C]`.
struct GlobalMean: Operation {
  var kind: String { "mean" }
  func outputShape(of inputs: [Shape]) -> Shape { Shape(batch: inputs[0].batch, 1, channels: inputs[0].channels) }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    phase == .forward
      ? ColumnSums(voxels: inputs[0].extent.count, inputs[0].channels).bytes
      : inputs[0].paddedChannels * MemoryLayout<Float>.stride
  }

  func forward(_ call: ForwardCall) {
    let shape = call.inputShapes[0]
    let sums = ColumnSums(voxels: shape.extent.count, shape.channels)
    for volume in 0..<shape.batch {
      let mean = call.output.voxel(volume, of: shape)
      (mean + shape.channels).update(repeating: 0, count: shape.paddedChannels - shape.channels)
      sums(
        of: call.inputs[0].voxel(volume * shape.extent.count, of: shape), scale: 1 / Double(shape.extent.count),
        into: mean, call.settings, scratch: call.scratch, pool: call.pool)
    }
  }

  func backward(_ call: BackwardCall) {
    guard let target = call.inputGradients[0] else { return }
    let (shape, kernels) = (call.inputShapes[0], call.settings.kernels)
    let share = call.scratch.assumingMemoryBound(to: Float.self)
    for volume in 0..<shape.batch {
      kernels.scale(
        call.outputGradient.voxel(volume, of: shape), 1 / Float(shape.extent.count), share, 0, shape.paddedChannels)
      call.pool.forEach(shape.extent.count) { range, _ in
        let start = volume * shape.extent.count + range.lowerBound
        kernels.spread(
          share, nil, target.pointer.voxel(start, of: shape), target.accumulate ? 1 : 0, range.count,
          Int32(shape.paddedChannels))
      }
    }
  }
}

extension Node {
  package func globalMean() -> Node { applying(GlobalMean()) }
}
