import CKernels
import Compute

/// The entry of a C target's list of kernels that belongs to an instruction set; nil for `scalar`.
func kernels<Variant>(
  of instructionSet: InstructionSet, _ entry: (Int32) -> UnsafePointer<Variant>?,
  _ name: KeyPath<Variant, UnsafePointer<CChar>?>
) -> UnsafePointer<Variant>? {
  var index: Int32 = 0
  while let variant = entry(index) {
    if let name = variant.pointee[keyPath: name], String(cString: name) == instructionSet.rawValue { return variant }
    index += 1
  }
  return nil
}

extension InstructionSet {
  /// Where the lists of `baselines.h` hold this set's kernels.
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

  init(voxels: Int, stride: Int) {
    let tile = Int(BASELINE_TILE)
    (count, self.stride) = ((voxels + tile - 1) / tile, stride)
  }

  var bytes: Int { count * stride * MemoryLayout<Float>.stride }
}

/// Two C structures at once.
func withUnsafePointers<A, B, Result>(
  _ a: A, _ b: B, _ body: (UnsafePointer<A>, UnsafePointer<B>) -> Result
) -> Result {
  withUnsafePointer(to: a) { a in withUnsafePointer(to: b) { b in body(a, b) } }
}

extension BinaryInteger {
  func roundedUp(to multiple: Self) -> Self { (self + multiple - 1) / multiple * multiple }
}

extension UnsafePointer<Float> {
  /// Start of voxel `index`.
  func voxel(_ index: Int, of shape: Shape) -> UnsafePointer<Float> { self + index * shape.paddedChannels }
}

extension UnsafeMutablePointer<Float> {
  func voxel(_ index: Int, of shape: Shape) -> UnsafeMutablePointer<Float> { self + index * shape.paddedChannels }
}

extension Activation {
  func voxel(_ index: Int, of shape: Shape) -> Activation { advanced(by: index * shape.paddedChannels) }

  /// As the kernels take it that read floats and bfloat16.
  package var source: activation_source { activation_source(at: address, is_half: storage == .bfloat16 ? 1 : 0) }
}

extension MutableActivation {
  func voxel(_ index: Int, of shape: Shape) -> MutableActivation { advanced(by: index * shape.paddedChannels) }

  /// As the kernels take it that write both.
  package var target: activation_target { activation_target(at: address, is_half: storage == .bfloat16 ? 1 : 0) }
}
