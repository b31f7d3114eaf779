import Compute
import Foundation

extension PreparedCase {
  /// The first voxel of the patch that chance takes of this case.
  ///
  /// As in nnU-Net (nnunetv2 2.8, `get_bbox`): anywhere in the image; or, where it must hold foreground, around a voxel of
  /// a structure, every structure that the case has being as likely, and every voxel of it, and moved into the image where
  /// it would reach over an edge. Along an axis where the image is smaller than the patch, the image is in the patch's
  /// middle.
  ///
  /// - Parameters:
  ///   - holdsForeground: no use in a case that has no structure.
  ///   - stream: that of the case.
  package func patchPlace(_ patch: Extent3, holdsForeground: Bool, _ stream: inout RandomStream) -> Offset3 {
    let extent = labels.extent
    let padding = Offset3(centring: extent, in: patch)
    guard holdsForeground, let centre = foregroundVoxel(&stream) else {
      func anywhere(_ length: Int, _ patch: Int, _ padding: Int) -> Int {
        length > patch ? stream.nextInt(below: length - patch + 1) : -padding
      }
      return Offset3(
        anywhere(extent.depth, patch.depth, padding.depth), anywhere(extent.height, patch.height, padding.height),
        anywhere(extent.width, patch.width, padding.width))
    }
    func around(_ centre: Int, _ length: Int, _ patch: Int, _ padding: Int) -> Int {
      length > patch ? min(max(centre - patch / 2, 0), length - patch) : -padding
    }
    return Offset3(
      around(centre.depth, extent.depth, patch.depth, padding.depth),
      around(centre.height, extent.height, patch.height, padding.height),
      around(centre.width, extent.width, patch.width, padding.width))
  }

  /// Nil where no structure is.
  private func foregroundVoxel(_ stream: inout RandomStream) -> Offset3? {
    let known = present.indices.filter { present[$0] }
    guard !known.isEmpty else { return nil }
    let label = UInt8(known[stream.nextInt(below: known.count)] + 1)
    let count = labels.values.count { $0 == label }
    guard count > 0 else { return nil }
    var left = stream.nextInt(below: count)
    let place = labels.values.firstIndex { value in
      guard value == label else { return false }
      left -= 1
      return left < 0
    }
    guard let place else { return nil }
    let (height, width) = (labels.extent.height, labels.extent.width)
    return Offset3(place / (height * width), place / width % height, place % width)
  }
}

extension Augmentation {
  /// How much of an image rotation, scaling and deformation may bring into a patch of this extent: what is augmented in
  /// its place, so that the patch has no empty corners but those of the image. The patch is its middle.
  package func context(of patch: Extent3, spacing: SIMD3<Double>) -> Extent3 {
    let angle = rotation.probability > 0 ? min(rotation.degrees, 90) * .pi / 180 : 0
    let scale = max(scaling?.upper ?? 1, 1)
    let stray = elastic.probability > 0 ? elastic.millimetres : 0
    let height = Double(patch.height - 1) * spacing.y / 2
    let width = Double(patch.width - 1) * spacing.z / 2
    return Extent3(
      patch.depth,
      patch.height + 2 * beyond(height, height.reach(across: width, angle) * scale + stray, spacing.y),
      patch.width + 2 * beyond(width, width.reach(across: height, angle) * scale + stray, spacing.z))
  }

  /// Voxels on either side; what lies less than a thousandth of one beyond the edge is a rounding error.
  private func beyond(_ half: Double, _ reach: Double, _ spacing: Double) -> Int {
    max(Int(((reach - half) / spacing - 1e-3).rounded(.up)), 0)
  }
}

extension Double {
  /// How far a corner of a rectangle of these half sides comes along the first, turned by up to an angle.
  fileprivate func reach(across: Double, _ largest: Double) -> Double {
    let angle = min(largest, atan2(across, self))
    return self * cos(angle) + across * sin(angle)
  }
}
