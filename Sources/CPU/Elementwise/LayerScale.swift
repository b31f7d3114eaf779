import CKernels
import Compute
import Networks

extension LayerScale: CPUOperation {
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel {
    LayerScaleKernel(inputs[0], instructionSet: cpu.instructionSet)
  }
}

package struct LayerScaleKernel: Kernel {
  package let shape: Shape
  private let geometry: scaling_shape
  private let kernels: scaling_kernels
  private let elementwise: operations_table
  private let tiles: VoxelTiles

  package init(_ shape: Shape, instructionSet: InstructionSet = .best) {
    self.shape = shape
    geometry = scaling_shape(voxels: shape.voxels, channels: shape.channels)
    kernels = scaling_variant(instructionSet.variant).pointee
    elementwise = CPUBackend(workers: 1, instructionSet: instructionSet).kernels
    tiles = VoxelTiles(voxels: shape.voxels, stride: shape.paddedChannels)
  }

  /// Bytes of scratch that `backward` needs.
  package var scratchBytes: Int { tiles.bytes }
  package func scratchBytes(_ phase: Phase) -> Int { phase == .forward ? 0 : tiles.bytes }

  package func forward(_ call: ForwardCall) {
    forward(x: call.inputs[1], scale: call.parameters[0], shortcut: call.inputs[0], y: call.output, pool: call.pool)
  }

  /// `x`'s gradient first: the shortcut's may take the memory of `dy`, and is then already there.
  package func backward(_ call: BackwardCall) {
    let dy = call.outputGradient
    guard let target = call.inputGradients[1] else { preconditionFailure("layer scale of an input without gradient") }
    backward(
      x: call.inputs[1], scale: call.parameters[0], dy: dy, dx: target.pointer, accumulate: target.accumulate,
      dScale: call.parameterGradients[0], scratch: call.scratch, pool: call.pool)
    guard let shortcut = call.inputGradients[0], UnsafePointer(shortcut.pointer) != dy else { return }
    call.pool.forEach(shape.voxels) { range, _ in
      elementwise.scale(
        dy.voxel(range.lowerBound, of: shape), 1, shortcut.pointer.voxel(range.lowerBound, of: shape),
        shortcut.accumulate ? 1 : 0, range.count * shape.paddedChannels)
    }
  }

  package func forward(
    x: UnsafePointer<Float>, scale: UnsafePointer<Float>, shortcut: UnsafePointer<Float>,
    y: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    pool.forEach(shape.voxels) { range, _ in
      withUnsafePointer(to: geometry) {
        kernels.scale_forward($0, x, scale, shortcut, y, range.lowerBound, range.upperBound)
      }
    }
  }

  package func backward(
    x: UnsafePointer<Float>, scale: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, accumulate: Bool, dScale: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let partials = scratch.assumingMemoryBound(to: Float.self)
    pool.forEach(tiles.count) { range, _ in
      withUnsafePointer(to: geometry) {
        kernels.scale_backward(
          $0, x, scale, dy, dx, accumulate ? 1 : 0, partials, range.lowerBound, range.upperBound)
      }
    }
    add_tiles(partials, tiles.count, tiles.stride, shape.channels, dScale)
  }
}
