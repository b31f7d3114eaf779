import Foundation

/// How a file's header says where its voxels lie, as far as that is odd.
package struct Placement: Hashable, Codable, Sendable {
  /// Neither qform nor sform: what is left and what is right was assumed.
  package var isAssumed = false
  /// In what the qform differs from the sform, which is used; nil: in nothing, or there is one of the two alone.
  package var disagreement: String?
  /// By how many degrees two axes miss a right angle, where that is much.
  package var tilt: Double?

  package var isOdd: Bool { isAssumed || disagreement != nil || tilt != nil }

  /// Axes this far from right angles, in degrees, are no rounding.
  private static let most = 2.0

  package init() {}

  /// - Parameters:
  ///   - qform: where the header has both, with the code of each.
  init(_ geometry: Geometry, isAssumed: Bool, qform: (affine: Affine, code: Int, sformCode: Int)?) {
    self.isAssumed = isAssumed
    if let qform { disagreement = Self.difference(geometry, qform.affine, qform.code == qform.sformCode) }
    let columns = (0..<3).map { geometry.affine.column($0) }
    let sides = geometry.affine.spacing
    let tilts = [(0, 1), (0, 2), (1, 2)].map { (first: Int, second: Int) -> Double in
      let cosine: Double = (columns[first] * columns[second]).sum() / (sides[first] * sides[second])
      return abs(asin(min(max(cosine, -1), 1))) * 180 / .pi
    }
    if let most = tilts.max(), most > Self.most { tilt = (most * 10).rounded() / 10 }
  }

  /// A qform may be the scanner's and the sform an atlas's, so that places differ; but no program turns axes for that.
  private static func difference(_ geometry: Geometry, _ qform: Affine, _ isOneSpace: Bool) -> String? {
    guard qform.rows.allSatisfy({ row in (0..<4).allSatisfy { row[$0].isFinite } }), abs(qform.skewness) > 1e-3 else {
      return nil
    }
    let axes = VoxelAxes(of: qform)
    if axes != geometry.axes {
      return "the axes are \(geometry.axes.codes) by the sform and \(axes.codes) by the qform"
    }
    let distance = geometry.affine.greatestDistance(to: qform, shape: geometry.shape)
    guard isOneSpace, distance > geometry.spacing.max() else { return nil }
    return "they lie up to \(distance.threeDigits) mm apart"
  }
}
