import Compute
import System
import Text
import Volumes

/// What preparing a case takes: an experiment's size is a few digits in a file, and may mean more memory than there is.
package struct PreparationMemory {
  /// Channels of an image, each of which is kept until all are prepared.
  package var channels = 1
  /// The network's grid.
  package var size: Extent3
  /// Voxels of an image as it is stored, and bytes of each there.
  package var stored: (voxels: Int, bytes: Int) = (0, 0)

  package init(size: Extent3) { self.size = size }

  /// Bytes of a case while it is prepared, at their most.
  package var bytes: Int {
    // The last channel is read: of every channel and of the mask a number in double precision, and one of them in the
    // order of its file besides, beside the file's own bytes.
    let reading = stored.voxels * (8 * (channels + 1) + 8 + stored.bytes)
    // It is brought to the network's grid: the mask is a byte by now. There it is in double precision before and after a
    // step, or in double and in single precision twice; the other channels are finished, and the labels are there twice.
    let preparing = stored.voxels * (8 * channels + 1) + size.count * (16 + 2 + 4 * (channels - 1))
    // It is written: as it is, and as the bytes of its file.
    let writing = size.count * 2 * (4 * channels + 1)
    return max(reading, preparing, writing)
  }

  /// How many cases of a dataset can be prepared at once, of the size that the largest becomes.
  ///
  /// - Parameter grids: nil where no image can be read, which preparing says.
  package static func workers(
    _ wanted: Int, _ preprocessing: Preprocessing, _ grids: ImageGrids?, of dataset: Dataset
  ) throws -> Int {
    let isOfSpacing = preprocessing.spacing != nil
    guard let size = isOfSpacing ? grids?.largest : preprocessing.size else { return wanted }
    var memory = PreparationMemory(size: size)
    memory.channels = dataset.channels.count
    memory.stored = largest(of: dataset, workers: wanted)
    do { return try memory.workers(wanted) } catch var shortage as Shortage {
      shortage.isOfSpacing = isOfSpacing
      throw shortage
    }
  }

  /// Of the image that takes most as it is stored. What keeps a header from being read is said when it is prepared.
  private static func largest(of dataset: Dataset, workers: Int) -> (voxels: Int, bytes: Int) {
    let all = parallelMap(dataset.cases, workers: workers) { one in
      (try? NIfTI.claimedLayout(one.image)).map { (voxels: $0.voxels, bytes: $0.type.bytes) }
    }
    return all.compactMap(\.self).max { $0.voxels * ($0.bytes + 24) < $1.voxels * ($1.bytes + 24) } ?? (0, 0)
  }

  /// How many cases can be prepared at once.
  ///
  /// - Throws: `Shortage` where not even one can.
  package func workers(_ wanted: Int, free: Int = Machine.current().freeMemory) throws -> Int {
    let needed = bytes
    guard needed <= free else { throw Shortage(size: size, channels: channels, needed: needed, free: free) }
    return min(wanted, max(free / max(needed, 1), 1))
  }

  package struct Shortage: Error, Equatable, CustomStringConvertible {
    package let size: Extent3
    package let channels: Int
    package let needed: Int
    package let free: Int
    /// Whether the size follows from a spacing.
    package var isOfSpacing = false
    package var description: String {
      (isOfSpacing ? "preprocessing.spacing makes \(size) voxels of an image" : "preprocessing.size \(size)")
        + (channels == 1 ? "" : " of \(channels) channels")
        + ": to prepare one case takes \(Quantity.bytes(needed)) of memory, \(Quantity.bytes(free)) are free; "
        + (isOfSpacing ? "take a coarser one" : "lower it (it is [D, H, W])")
    }
  }
}
