import Compute

/// Where the windows of a network that sees patches lie in an image, and how much each of their voxels counts.
///
/// nnU-Net's rules (nnunetv2 2.8, `compute_steps_for_sliding_window` and `compute_gaussian`):
///
/// - An axis of n voxels has `⌈(n - p) / (p / 2)⌉ + 1` windows of p, spread evenly from the first voxel to the last:
///   neighbours lie half a patch apart or less.
/// - A voxel at i of a window weighs `exp(-½ ((i - ⌊p / 2⌋) / (p / 8))²)`, multiplied over the axes.
/// - An image with fewer voxels than the patch is padded with zeros on both sides, one more at the end if odd.
package struct Windows: Hashable, Sendable {
  /// What the network sees at once.
  package let patch: Extent3
  /// Of the image.
  package let image: Extent3

  package init(of patch: Extent3, in image: Extent3) { (self.patch, self.image) = (patch, image) }

  /// The image's sides, none below the patch's.
  package var padded: Extent3 {
    Extent3(max(image.depth, patch.depth), max(image.height, patch.height), max(image.width, patch.width))
  }

  /// Voxels of padding before the image's first one.
  package var margin: Offset3 { Offset3(centring: image, in: padded) }

  /// The windows' first voxels in the padded image: depth by depth, row by row.
  package var places: [Offset3] {
    let (heights, widths) = (
      Self.starts(padded.height, patch.height), Self.starts(padded.width, patch.width)
    )
    return Self.starts(padded.depth, patch.depth).flatMap { depth in
      heights.flatMap { height in widths.map { Offset3(depth, height, $0) } }
    }
  }

  /// How many there are.
  package var count: Int {
    Self.count(padded.depth, patch.depth) * Self.count(padded.height, patch.height)
      * Self.count(padded.width, patch.width)
  }

  /// Of the voxels of a window, in its order; above 0, and 1 at its centre.
  package var weights: Grid3<Float> {
    let (depths, heights, widths) = (
      Self.weights(patch.depth), Self.weights(patch.height), Self.weights(patch.width)
    )
    return Grid3(
      patch, values: depths.flatMap { d in heights.flatMap { h in widths.map { Float(d * h * $0) } } })
  }
}
