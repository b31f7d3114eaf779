import CKernels
import Compute
import Networks

extension InstructionSet {
  /// The C target's kernels of this set.
  package var kernels: cpu_kernels {
    let set =
      switch self {
      case .avx512: cpu_avx512
      case .avx2: cpu_avx2
      case .scalar: cpu_scalar
      }
    guard let kernels = cpu_kernels_for(set) else { preconditionFailure("this processor has no \(rawValue)") }
    return kernels.pointee
  }
}

/// Tiles of voxels over which gradients of per-channel parameters are summed; fixed, so that bits do not depend on
/// threads.
struct VoxelTiles {
  let count: Int
  /// Floats of one tile's sums.
  let stride: Int

  init(voxels: Int, stride: Int) {
    let tile = Int(partial_voxels)
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

  /// As the kernels take it that read floats and bfloat16. Only convolutions and additions normalise what they read.
  package var source: activation_source {
    activation_source(
      at: address, is_bfloat16: storage == .bfloat16 ? 1 : 0,
      norm: activation_norm(
        mean: pending?.mean, scale: pending?.scale, shift: pending?.shift, rectify: pending?.rectifies == true ? 1 : 0))
  }
}

extension MutableActivation {
  func voxel(_ index: Int, of shape: Shape) -> MutableActivation { advanced(by: index * shape.paddedChannels) }

  /// As the kernels take it that write both.
  package var target: activation_target { activation_target(at: address, is_bfloat16: storage == .bfloat16 ? 1 : 0) }
}

extension convolution_call {
  /// - Parameter weights: packed, or transformed.
  init(
    _ source: Activation, weights: UnsafePointer<Float>, _ finish: UnsafePointer<convolution_finish>,
    _ target: MutableActivation, accumulate: Bool
  ) {
    self.init(
      source: source.source, weights: weights, finish: finish, target: target.target, accumulate: accumulate ? 1 : 0)
  }
}

extension gradient_target {
  /// Nothing where nobody asks for the gradient.
  init(_ pointer: UnsafeMutablePointer<Float>?, accumulate: Bool = false) {
    self.init(at: pointer, accumulate: accumulate ? 1 : 0)
  }

  /// A gradient from voxel `index` on.
  init(_ target: GradientTarget?, voxel index: Int, of shape: Shape) {
    self.init(target?.pointer.voxel(index, of: shape), accumulate: target?.accumulate ?? false)
  }
}

extension arithmetic_kernels {
  /// `target = factor · dy`, voxels shared among the pool's threads: how a residual hands its gradient on.
  func passGradient(
    _ dy: UnsafePointer<Float>, times factor: Float, to target: GradientTarget, _ shape: Shape, _ pool: WorkerPool
  ) {
    pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      self.scale(
        dy.voxel(start, of: shape), factor, gradient_target(target, voxel: start, of: shape),
        range.count * shape.paddedChannels)
    }
  }
}
