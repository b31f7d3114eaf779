/// What nnU-Net's planner reads of a dataset, and the spacing that it resamples all images to (Isensee et al. 2021;
/// `determine_fullres_target_spacing` of nnunetv2 2.8.1).
///
/// Axes are in any one order, the same for all images. Where two axes are alike in everything, the first of them has the
/// worst spacing and the last of them is shortened first, so nnU-Net's own result takes its order: the file's, reversed.
///
/// nnU-Net crops images to what is not 0 before it takes their sizes; here they are as they are given.
package struct NNUNetFingerprint: Hashable, Sendable {
  /// Voxels of every image.
  package let extents: [[Int]]
  /// Millimetres from voxel to voxel of every image.
  package let spacings: [[Double]]

  /// - Parameters:
  ///   - extents: three for each of the images; at least one image.
  ///   - spacings: above 0.
  package init(extents: [[Int]], spacings: [[Double]]) {
    precondition(
      !extents.isEmpty && extents.count == spacings.count, "\(extents.count) sizes, \(spacings.count) spacings")
    (self.extents, self.spacings) = (extents, spacings)
  }

  /// How many times the other axes' the spacing and the shortness of an axis must be, so that it counts as anisotropic.
  private static let threshold = 3.0

  /// The median spacing of each axis, in millimetres. But where the axis of the longest is anisotropic (its spacing above
  /// three times either other, and its median of voxels below a third of theirs), its 10th percentile, so that the few
  /// slices of most images are not made fewer; never below the other spacings.
  package var targetSpacing: [Double] {
    var target = (0..<3).map { axis in Self.percentile(0.5, spacings.map { $0[axis] }) }
    let sides = (0..<3).map { axis in Self.percentile(0.5, extents.map { Double($0[axis]) }) }
    let worst = Self.worstAxis(target)
    let others = (0..<3).filter { $0 != worst }
    let coarsest = max(target[others[0]], target[others[1]])
    guard target[worst] > Self.threshold * coarsest,
      sides[worst] * Self.threshold < min(sides[others[0]], sides[others[1]])
    else { return target }
    let tenth = Self.percentile(0.1, spacings.map { $0[worst] })
    target[worst] = tenth < coarsest ? coarsest + 1e-5 : tenth
    return target
  }

  /// The axis of the longest spacing, the first where several have it.
  static func worstAxis(_ spacing: [Double]) -> Int {
    (1..<3).reduce(0) { spacing[$1] > spacing[$0] ? $1 : $0 }
  }

  /// Median of the images' sides once they have this spacing, in voxels: of `round(old / new · n)`, half to even.
  package func medianSides(at spacing: [Double]) -> [Double] {
    (0..<3).map { axis in
      let sides = zip(extents, spacings).map { extent, own in
        (own[axis] / spacing[axis] * Double(extent[axis])).rounded(.toNearestOrEven)
      }.sorted()
      let middle = sides.count / 2
      return sides.count % 2 == 1 ? sides[middle] : (sides[middle - 1] + sides[middle]) / 2
    }
  }

  /// NumPy's default percentile, to the last bit, which decides whether an axis is halved where spacings are twice each
  /// other: `a + (b - a) t` between closest ranks, from the middle on `b - (b - a)(1 - t)`.
  private static func percentile(_ share: Double, _ values: [Double]) -> Double {
    let sorted = values.sorted()
    let rank = Double(sorted.count - 1) * share
    let below = Int(rank)
    let (first, second) = (sorted[below], sorted[min(below + 1, sorted.count - 1)])
    let part = rank - Double(below)
    return part < 0.5 ? first + (second - first) * part : second - (second - first) * (1 - part)
  }
}
