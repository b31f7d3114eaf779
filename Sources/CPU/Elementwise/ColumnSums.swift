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
    let partials = scratch.assumingMemoryBound(to: Double.self)
    let (voxels, stride) = (voxels, stride)
    pool.forEach(tiles) { range, _ in
      kernels.column_sums(a, b, partials, voxels, Int32(stride), range.lowerBound, range.upperBound)
    }
    for channel in 0..<channels {
      var sum = 0.0
      for tile in 0..<tiles { sum += partials[tile * stride + channel] }
      sums[channel] = Float(sum * scale) + (accumulate ? sums[channel] : 0)
    }
  }
}
