import Compute
import Text

/// Where a file's voxels lie in the patient, and how they are turned to D, H, W.
package struct Geometry: Hashable, Sendable {
  /// Lengths of the file's axes i, j, k.
  package var shape: [Int]
  package var affine: Affine
  package var axes: VoxelAxes

  package init(shape: [Int], affine: Affine) {
    precondition(shape.count == 3, "a geometry has three lengths, not \(shape)")
    (self.shape, self.affine) = (shape, affine)
    axes = VoxelAxes(of: affine)
  }

  package var extent: Extent3 { axes.extent(ofFile: shape) }

  /// Millimetres between voxel centres along D, H, W.
  package var spacing: SIMD3<Double> { SIMD3(axes.ordered((0..<3).map { affine.spacing[$0] })) }
}

/// An image or a mask as read: its values turned to D, H, W, and where they came from.
package struct Volume: Sendable {
  package var grid: Grid3<Double>
  package var geometry: Geometry
  /// What is odd about where its header puts it.
  package var placement = Placement()
}

extension Double {
  /// A length as messages show it: to hundredths, and what is small with two digits that mean something, never as 0.0.
  var shown: String { self == 0 || magnitude >= 0.1 ? "\((self * 100).rounded() / 100)" : significant(2) }
}
