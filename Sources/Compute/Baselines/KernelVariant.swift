/// Where a baseline kernel's list holds the variant of an instruction set.
extension InstructionSet {
  var variant: Int32 {
    precondition(InstructionSet.available.contains(self), "this processor has no \(rawValue)")
    return switch self {
    case .avx512: 0
    case .avx2: 1
    case .scalar: 2
    }
  }
}

/// Tiles of voxels over which gradients of per-channel parameters are summed; fixed, so that bits do not depend on
/// threads.
struct VoxelTiles {
  let count: Int
  /// Floats of one tile's sums.
  let stride: Int

  init(voxels: Int, tile: Int, stride: Int) { (count, self.stride) = ((voxels + tile - 1) / tile, stride) }

  var bytes: Int { count * stride * MemoryLayout<Float>.stride }
}
