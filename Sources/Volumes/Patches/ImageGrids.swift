import Compute
import System

/// The grids that a preprocessing makes of images: one for all where it has a size, each image's own where it has a
/// spacing. What patches, windows, memory and times follow from, before an image is read.
package struct ImageGrids: Hashable, Sendable {
  /// An image on the network's grid.
  package struct Image: Hashable, Sendable {
    package var name: String
    package var extent: Extent3

    package init(name: String, extent: Extent3) { (self.name, self.extent) = (name, extent) }
  }

  /// At least one; a single one without a name where all are of one size.
  package let images: [Image]

  /// One size for all.
  package init(size: Extent3) { images = [Image(name: "", extent: size)] }

  /// Nil for no image.
  package init?(_ images: [Image]) {
    guard !images.isEmpty else { return nil }
    self.images = images
  }

  /// As headers say it. What keeps a header from being read is said when the image is prepared.
  ///
  /// - Returns: nil where none can be read.
  package init?(of dataset: Dataset, _ preprocessing: Preprocessing, workers: Int) {
    guard preprocessing.spacing != nil else {
      self.init(size: preprocessing.size)
      return
    }
    let excluded = dataset.excludedNames
    let cases = dataset.cases.filter { !excluded.contains($0.name) }
    self.init(
      parallelMap(cases, workers: workers) { one in
        (try? NIfTI.readGeometry(one.image)).map {
          Image(name: one.name, extent: PreprocessingSteps(preprocessing, for: $0).extent)
        }
      }.compactMap(\.self))
  }

  /// As preparing them found it; nil where it was not asked, as of a preprocessing with a size.
  package init?(_ summary: CacheSummary) {
    self.init(summary.cases.compactMap { facts in facts.grid.map { Image(name: facts.name, extent: $0) } })
  }

  /// Of an image, in the mean.
  package var meanVoxels: Int { images.reduce(0) { $0 + $1.extent.count } / images.count }

  /// The image with most voxels.
  package var largest: Extent3 { images.map(\.extent).max { $0.count < $1.count } ?? images[0].extent }

  /// Windows that a prediction takes, in the mean over the images.
  package func meanWindows(of patch: Extent3) -> Double {
    Double(images.reduce(0) { $0 + Windows(of: patch, in: $1.extent).count }) / Double(images.count)
  }

  /// The longest side on each axis.
  package var longest: Extent3 {
    let all = images.map(\.extent)
    return Extent3(all.map(\.depth).max() ?? 1, all.map(\.height).max() ?? 1, all.map(\.width).max() ?? 1)
  }

  /// The names of those that are smaller than the patch along some axis.
  package func smaller(than patch: Extent3) -> [String] {
    images.filter { Windows(of: patch, in: $0.extent).padded != $0.extent }.map(\.name)
  }
}
