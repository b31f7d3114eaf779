import Compute
import System
import Text
import Volumes

/// What preparing a case takes: an experiment's size is a few digits in a file, and may mean more memory than there is.
package enum PreparationMemory {
  /// Bytes for each voxel of the network's grid while a case is prepared: the image in double precision before and
  /// after a step, in single precision before and after padding, and the labels twice.
  private static let bytesPerVoxel = 32

  /// How many cases can be prepared at once, of the size that the largest becomes.
  ///
  /// - Parameter grids: nil where no image can be read, which preparing says.
  package static func workers(_ wanted: Int, _ preprocessing: Preprocessing, _ grids: ImageGrids?) throws -> Int {
    guard preprocessing.spacing != nil else { return try workers(wanted, size: preprocessing.size) }
    guard let largest = grids?.largest else { return wanted }
    do { return try workers(wanted, size: largest) } catch var shortage as Shortage {
      shortage.isOfSpacing = true
      throw shortage
    }
  }

  /// How many cases can be prepared at once.
  ///
  /// - Throws: `Shortage` where not even one can.
  package static func workers(_ wanted: Int, size: Extent3, free: Int = Machine.current().freeMemory) throws -> Int {
    let needed = size.count * bytesPerVoxel
    guard needed <= free else { throw Shortage(size: size, needed: needed, free: free) }
    return min(wanted, max(free / max(needed, 1), 1))
  }

  package struct Shortage: Error, Equatable, CustomStringConvertible {
    package let size: Extent3
    package let needed: Int
    package let free: Int
    /// Whether the size follows from a spacing.
    package var isOfSpacing = false
    package var description: String {
      (isOfSpacing ? "preprocessing.spacing makes \(size) voxels of an image" : "preprocessing.size \(size)")
        + ": to prepare one case takes \(Quantity.bytes(needed)) of memory, \(Quantity.bytes(free)) are free; "
        + (isOfSpacing ? "take a coarser one" : "lower it (it is [D, H, W])")
    }
  }
}
