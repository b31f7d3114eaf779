import CKernels
import Compute

/// Sums of an activation (or of a product of two) over voxels, per channel: over fixed tiles in double, then over tiles
/// in order, so that the bits do not depend on threads.
package struct ColumnSums {
  private let voxels: Int
  private let channels: Int
  private let kernels: arithmetic_kernels

  init(voxels: Int, _ channels: Int, _ cpu: CPUBackend) {
    (self.voxels, self.channels, kernels) = (voxels, channels, cpu.kernels.arithmetic.pointee)
  }

  static let tile = Int(partial_voxels)
  private var stride: Int { Shape(batch: 1, 1, channels: channels).paddedChannels }
  private var tiles: Int { (voxels + Self.tile - 1) / Self.tile }
  /// Bytes of scratch that one sum takes: a double for each tile and stored channel.
  package var bytes: Int { tiles * stride * MemoryLayout<Double>.stride }

  /// `sums[c] = scale Σ a` or, with `b`, `scale Σ a b`, for the real channels.
  func callAsFunction(
    of a: UnsafePointer<Float>, times b: UnsafePointer<Float>? = nil, scale: Double = 1,
    into sums: UnsafeMutablePointer<Float>, accumulate: Bool = false, scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    let (voxels, stride) = (voxels, stride)
    self(scale: scale, into: sums, accumulate: accumulate, scratch: scratch, pool: pool) { partials, tiles in
      kernels.column_sums(a, b, partials, voxels, Int32(stride), tiles.lowerBound, tiles.upperBound)
    }
  }

  /// The same of whatever `body` sums over each of a range of tiles, a double for each stored channel.
  func callAsFunction(
    scale: Double = 1, into sums: UnsafeMutablePointer<Float>, accumulate: Bool, scratch: UnsafeMutableRawPointer,
    pool: WorkerPool, _ body: (_ partials: UnsafeMutablePointer<Double>, _ tiles: Range<Int>) -> Void
  ) {
    let partials = scratch.assumingMemoryBound(to: Double.self)
    pool.forEach(tiles) { range, _ in body(partials, range) }
    for channel in 0..<channels {
      var sum = 0.0
      for tile in 0..<tiles { sum += partials[tile * stride + channel] }
      sums[channel] = Float(sum * scale) + (accumulate ? sums[channel] : 0)
    }
  }
}
