import Compute

/// How the two volumes of a pair lie to each other: an image and its mask, a prediction and the truth.
package enum GeometryMatch: Hashable, Sendable {
  case same
  /// The same voxels in the same places of the patient, but counted along other axes or from other ends.
  case turned
  case otherShape
  /// The same numbers of voxels, up to so many millimetres away.
  case away(millimetres: Double, tolerance: Double)

  /// How far two volumes may lie apart: a quarter of the smallest voxel side. Headers written by different programs
  /// differ by rounding; a mask shifted by more than this would be scored in the wrong place.
  package static let tolerance = 0.25

  /// - Parameter reference: the image, or the truth, whose voxels set the tolerance.
  package init(_ other: Geometry, on reference: Geometry) {
    let tolerance = Self.tolerance * reference.spacing.min()
    let sameShape = other.shape == reference.shape
    let distance = sameShape ? reference.affine.greatestDistance(to: other.affine, shape: reference.shape) : .infinity
    if distance <= tolerance {
      self = .same
    } else if other.extent == reference.extent, reference.greatestGridDistance(to: other) <= tolerance {
      self = .turned
    } else {
      self = sameShape ? .away(millimetres: distance, tolerance: tolerance) : .otherShape
    }
  }
}

extension Geometry {
  /// The largest distance between the corners of two volumes of one extent, D, H, W for D, H, W, in mm.
  fileprivate func greatestGridDistance(to other: Geometry) -> Double {
    (0..<8).map { corner in
      let difference = place(ofCorner: corner) - other.place(ofCorner: corner)
      return (difference * difference).sum().squareRoot()
    }.max() ?? 0
  }

  /// Where a corner of the grid lies in the patient; bits 0, 1, 2 of its number choose the end of D, H, W.
  private func place(ofCorner corner: Int) -> SIMD3<Double> {
    var index = SIMD3<Double>()
    for direction in 0..<3 {
      let file = axes.source[direction]
      let isLast = (corner >> direction & 1 == 1) != axes.reversed[direction]
      index[file] = isLast ? Double(shape[file] - 1) : 0
    }
    return affine(index)
  }
}

extension GeometryMatch {
  /// How a channel lies apart from the first one, in words before that one's name; nil where it does not.
  func difference(_ other: Geometry, _ reference: Geometry) -> String? {
    switch self {
    case .same: return nil
    case .otherShape: return "has \(other.shape) voxels, not \(reference.shape) as"
    case .turned: return "counts its voxels along other axes than"
    case .away(let millimetres, let tolerance):
      func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
      return "lies up to \(rounded(millimetres)) mm (allowed: \(rounded(tolerance)) mm) off"
    }
  }
}
