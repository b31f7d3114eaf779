import CKernels

/// Layer norm over the channels of each voxel.
///
///     y = γ (x − μ) / √(σ² + ε) + β,  μ and σ² (biased) over the voxel's C channels
///
/// - Input and output: `[N, D, H, W, C]`; γ, β: `[C]`
package struct LayerNormalization: Hashable, Sendable {
  package let shape: Shape
  package let epsilon: Float
  package let instructionSet: InstructionSet

  package init(_ shape: Shape, epsilon: Float, instructionSet: InstructionSet = .best) {
    precondition(epsilon > 0, "layer norm needs a positive epsilon, not \(epsilon)")
    (self.shape, self.epsilon, self.instructionSet) = (shape, epsilon, instructionSet)
  }

  private var kernels: layernorm_kernels { layernorm_variant(instructionSet.variant).pointee }

  private var geometry: layernorm_shape {
    layernorm_shape(voxels: shape.voxels, channels: shape.channels, epsilon: epsilon)
  }

  private var tiles: VoxelTiles {
    VoxelTiles(voxels: shape.voxels, tile: Int(BASELINE_TILE), stride: 2 * shape.paddedChannels)
  }

  /// Bytes of scratch that `backward` needs.
  package var scratchBytes: Int { tiles.bytes }

  package func forward(
    x: UnsafePointer<Float>, gamma: UnsafePointer<Float>, beta: UnsafePointer<Float>,
    y: UnsafeMutablePointer<Float>, pool: WorkerPool
  ) {
    pool.forEach(shape.voxels) { range, _ in
      withUnsafePointer(to: geometry) { kernels.forward($0, x, gamma, beta, y, range.lowerBound, range.upperBound) }
    }
  }

  /// With g = γ dy and n the normalised x: dx = (g − mean g − n mean(g n)) / √(σ² + ε), dγ = Σ dy n, dβ = Σ dy.
  package func backward(
    x: UnsafePointer<Float>, gamma: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, accumulate: Bool, dGamma: UnsafeMutablePointer<Float>,
    dBeta: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let (partials, tiles) = (scratch.assumingMemoryBound(to: Float.self), tiles)
    pool.forEach(tiles.count) { range, _ in
      withUnsafePointer(to: geometry) {
        kernels.backward(
          $0, x, gamma, dy, dx, accumulate ? 1 : 0, partials, range.lowerBound, range.upperBound)
      }
    }
    add_tiles(partials, tiles.count, tiles.stride, shape.channels, dGamma)
    add_tiles(partials + shape.paddedChannels, tiles.count, tiles.stride, shape.channels, dBeta)
  }
}
