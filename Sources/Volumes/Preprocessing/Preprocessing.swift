import Compute

/// How an image becomes the network's input: reorient, crop, resample in-plane, crop in depth, normalise, pad in depth.
///
/// | step | image | label |
/// |---|---|---|
/// | reorient by the affine | D left to right, H head to foot, W front to back | the same |
/// | `crop` | the middle half of W, or all | the same |
/// | resample H and W to `size` | linear, aligned at voxel centres | nearest |
/// | `depth` | more slices than `size`: the middle ones; or resampled | the same |
/// | `normalise` | minus mean, over standard deviation (n), of the voxels kept so far | – |
/// | `depth` | fewer slices: zeros on both sides, one more at the end if odd | background |
///
/// With `spacing` in place of `size` every axis is resampled, to the number of voxels that brings it nearest to so many
/// millimetres (nnU-Net's `compute_new_shape`); each image then has a grid of its own, and nothing is dropped or added.
package struct Preprocessing: Codable, Hashable, Sendable {
  package enum Crop: String, Codable, Hashable, Sendable, CaseIterable {
    /// The box D0 x H0 x W0/2 around the centre (the paper).
    case halfWidth
    case none
  }

  package enum Depth: String, Codable, Hashable, Sendable, CaseIterable {
    /// Zeros are added, or slices dropped, on both sides.
    case padOrCrop
    /// As in-plane: linear for images, nearest for labels.
    case resample
  }

  package enum Normalisation: String, Codable, Hashable, Sendable, CaseIterable {
    /// Mean 0 and standard deviation 1 over the volume; a constant volume is refused.
    case volume
    case none
  }

  /// What the network sees of every image; says nothing where there is a `spacing`.
  package var size: Extent3
  /// Millimetres from voxel to voxel along D, H and W, that images of sizes of their own are resampled to.
  package var spacing: [Double]?
  package var crop: Crop
  package var depth: Depth
  package var normalise: Normalisation

  package init(
    size: Extent3 = Extent3(18, 256, 128), crop: Crop = .halfWidth, depth: Depth = .padOrCrop,
    normalise: Normalisation = .volume
  ) {
    (self.size, self.crop, self.depth, self.normalise) = (size, crop, depth, normalise)
  }

  /// Images of sizes of their own, of three positive spacings.
  package init(spacing: [Double], crop: Crop = .halfWidth, normalise: Normalisation = .volume) {
    self.init(crop: crop, normalise: normalise)
    self.spacing = spacing
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let paper = Preprocessing()
    size = try values.decodeIfPresent(Extent3.self, forKey: .size) ?? paper.size
    spacing = try values.decodeIfPresent([Double].self, forKey: .spacing)
    crop = try values.decodeIfPresent(Crop.self, forKey: .crop) ?? paper.crop
    depth = try values.decodeIfPresent(Depth.self, forKey: .depth) ?? paper.depth
    normalise = try values.decodeIfPresent(Normalisation.self, forKey: .normalise) ?? paper.normalise
  }
}
