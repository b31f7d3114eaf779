import CKernels
import Compute
import Networks

extension LearntScale: CPUOperation {
  /// One pass; backward sums the scale's gradient over fixed tiles in double.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    LearntScaleKernel(shape: inputs[0], kernels: cpu.kernels.arithmetic.pointee)
  }
}

private struct LearntScaleKernel: Kernel {
  let shape: Shape
  let kernels: arithmetic_kernels

  /// Voxels of one partial sum of the scale's gradient.
  private static let tile = ColumnSums.tile
  private var tiles: Int { (shape.voxels + Self.tile - 1) / Self.tile }

  func scratchBytes(_ phase: Phase) -> Int { phase == .backward ? tiles * MemoryLayout<Double>.stride : 0 }

  func forward(_ call: ForwardCall) {
    let scale = call.parameters[0][0]
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.scaled_add(
        call.inputs[0].voxel(start, of: shape), call.inputs[1].voxel(start, of: shape), scale,
        call.output.voxel(start, of: shape), range.count * shape.paddedChannels)
    }
  }

  /// The scale's gradient and `a`'s first: `x`'s may take the memory of `dy`.
  func backward(_ call: BackwardCall) {
    let dy = call.outputGradient
    call.parameterGradients[0][0] = Float(scaleGradient(call))
    for (target, factor) in [(call.inputGradients[1], call.parameters[0][0]), (call.inputGradients[0], 1)] {
      guard let target, UnsafePointer(target.pointer) != dy else { continue }
      kernels.passGradient(dy, times: factor, to: target, shape, call.pool)
    }
  }

  private func scaleGradient(_ call: BackwardCall) -> Double {
    let a = call.inputs[1]
    let partials = call.scratch.assumingMemoryBound(to: Double.self)
    call.pool.forEach(tiles) { range, _ in
      for tile in range {
        let end = min((tile + 1) * Self.tile, shape.voxels)
        partials[tile] = kernels.dot(
          call.outputGradient, a, tile * Self.tile * shape.paddedChannels, end * shape.paddedChannels)
      }
    }
    return (0..<tiles).reduce(0) { $0 + partials[$1] }
  }
}
