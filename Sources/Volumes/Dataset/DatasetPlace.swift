import Foundation
import System

/// Where a place lies in the folder of a dataset, as the names around it tell.
package struct DatasetPlace: Equatable, Sendable {
  /// The dataset's folder.
  package let dataset: URL
  /// Whether the place is that folder itself, or among its images or masks: what is written there is taken for a part of it.
  package let isAmongImages: Bool

  /// So many folders above a place a dataset begins at most: BIDS has sub-01/ses-1/anat.
  private static let depth = 5
  private static let parts: Set<String> = ["imagesTr", "imagesTs", "labelsTr", "labelsTs", "MR", "Mask"]

  /// Nil of a place outside. The images of a table may lie anywhere, so that its folder is not a dataset's alone.
  ///
  /// - Parameter place: a folder, which need not be there.
  package init?(of place: URL) {
    var (folder, below) = (place.physicalFileURL, String?.none)
    for _ in 0...Self.depth where folder.path != "/" {
      if Dataset.hasImages(folder) {
        dataset = folder
        isAmongImages = below.map { Self.parts.contains($0) || $0.hasPrefix("sub-") } ?? true
        return
      }
      (below, folder) = (folder.lastPathComponent, folder.deletingLastPathComponent())
    }
    return nil
  }
}
