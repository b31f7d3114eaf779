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

  /// As the kernels take it that read floats and bfloat16. Only convolutions, additions and max pooling
  /// normalise what they read.
  package var source: activation_source {
    precondition(parts.isEmpty, "an activation in several parts cannot be read as one")
    return source(in: nil)
  }

  /// As convolutions take it, which read parts too; it is good while `body` runs.
  func withSource<Result>(_ body: (activation_source) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: source_part.self, capacity: parts.count) { table in
      var first = 0
      for (index, part) in parts.enumerated() {
        table.initializeElement(
          at: index,
          to: source_part(source: part.activation.source, first: Int32(first), channels: Int32(part.channels)))
        first += part.channels
      }
      return body(source(in: parts.isEmpty ? nil : table.baseAddress.map { UnsafePointer($0) }))
    }
  }

  private func source(in parts: UnsafePointer<source_part>?) -> activation_source {
    activation_source(
      at: address, is_bfloat16: storage == .bfloat16 ? 1 : 0,
      norm: activation_norm(
        mean: pending?.mean, scale: pending?.scale, shift: pending?.shift, rectify: pending?.rectifies == true ? 1 : 0),
      parts: parts)
  }
}

extension MutableActivation {
  func voxel(_ index: Int, of shape: Shape) -> MutableActivation { advanced(by: index * shape.paddedChannels) }

  /// As the kernels take it that write both.
  package var target: activation_target {
    activation_target(at: address, is_bfloat16: storage == .bfloat16 ? 1 : 0, parts: nil)
  }
}

extension GradientTarget {
  /// As convolutions take it, which write parts too; it is good while `body` runs.
  func withTarget<Result>(_ body: (_ target: activation_target, _ accumulate: Bool) -> Result) -> Result {
    if parts.isEmpty { return body(stored.target, accumulate) }
    return withUnsafeTemporaryAllocation(of: target_part.self, capacity: parts.count) { table in
      var first = 0
      for (index, part) in parts.enumerated() {
        table.initializeElement(
          at: index,
          to: target_part(
            at: part.target.pointer, first: Int32(first), channels: Int32(part.channels),
            accumulate: part.target.accumulate ? 1 : 0))
        first += part.channels
      }
      return body(
        activation_target(at: stored.floats, is_bfloat16: 0, parts: table.baseAddress.map { UnsafePointer($0) }), false)
    }
  }
}

extension convolution_call {
  /// - Parameter weights: packed, or transformed.
  init(
    _ source: activation_source, weights: UnsafePointer<Float>, _ finish: UnsafePointer<convolution_finish>,
    _ target: activation_target, accumulate: Bool
  ) {
    self.init(source: source, weights: weights, finish: finish, target: target, accumulate: accumulate ? 1 : 0)
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
