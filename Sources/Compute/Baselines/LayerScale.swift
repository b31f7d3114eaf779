import CKernels

/// ConvNeXt's layer scale with the residual it belongs to: `y = shortcut + scale(c) x`.
///
/// - Inputs and output: `[N, D, H, W, C]`; scale: `[C]`
///
/// The shortcut's gradient is `dy` itself.
package struct LayerScale: Hashable, Sendable {
  package let shape: Shape
  package let instructionSet: InstructionSet

  package init(_ shape: Shape, instructionSet: InstructionSet = .best) {
    (self.shape, self.instructionSet) = (shape, instructionSet)
  }

  private var kernels: scaling_kernels { scaling_variant(instructionSet.variant).pointee }

  private var geometry: scaling_shape { scaling_shape(voxels: shape.voxels, channels: shape.channels) }

  private var tiles: VoxelTiles {
    VoxelTiles(voxels: shape.voxels, tile: Int(BASELINE_TILE), stride: shape.paddedChannels)
  }

  /// Bytes of scratch that `backward` needs.
  package var scratchBytes: Int { tiles.bytes }

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
    let (partials, tiles) = (scratch.assumingMemoryBound(to: Float.self), tiles)
    pool.forEach(tiles.count) { range, _ in
      withUnsafePointer(to: geometry) {
        kernels.scale_backward(
          $0, x, scale, dy, dx, accumulate ? 1 : 0, partials, range.lowerBound, range.upperBound)
      }
    }
    add_tiles(partials, tiles.count, tiles.stride, shape.channels, dScale)
  }
}
