/// The shape of an activation: `[N, D, H, W, C]`, channels last.
///
/// In memory the channels of a voxel are padded with zeros to a multiple of 16 floats (one cache line, one AVX-512
/// register); every kernel keeps the padding zero.
package struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// N: volumes.
  package var batch: Int
  /// D, H and W.
  package var extent: Extent3
  /// C: real channels; memory holds a multiple of 16.
  package var channels: Int

  /// - Precondition: no side is zero or negative.
  package init(batch: Int, _ extent: Extent3, channels: Int) {
    precondition(
      batch > 0 && extent.depth > 0 && extent.height > 0 && extent.width > 0 && channels > 0,
      "a shape's sides are positive, not \(batch)x\(extent)x\(channels)")
    (self.batch, self.extent, self.channels) = (batch, extent, channels)
  }

  /// Channels of a block: every voxel takes a multiple of it in memory.
  package static let channelBlock = 16
  /// C rounded up to whole blocks: floats from one voxel to the next.
  package var paddedChannels: Int { (channels + 15) / 16 * 16 }
  /// Voxels of the whole batch.
  package var voxels: Int { batch * extent.count }
  /// Floats this activation takes in memory, padding included.
  package var storedCount: Int { voxels * paddedChannels }
  /// `1x18x256x128x64`: N, D, H, W, C.
  package var description: String { "\(batch)x\(extent)x\(channels)" }
}
