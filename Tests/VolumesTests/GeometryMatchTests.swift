import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct GeometryMatchTests {
  static let reference = Geometry(
    shape: [4, 5, 6], affine: Affine(rows: [[3, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]))

  func moved(_ change: (inout Geometry) -> Void) -> GeometryMatch {
    var other = Self.reference
    change(&other)
    return GeometryMatch(Geometry(shape: other.shape, affine: other.affine), on: Self.reference)
  }

  @Test func roundingIsTheSamePlace() {
    #expect(moved { _ in } == .same)
    #expect(moved { $0.affine.rows[2][3] += 0.24 } == .same)
  }

  @Test func anotherPlaceSpacingOrShapeIsSeen() {
    #expect(moved { $0.affine.rows[2][3] = 50 } == .away(millimetres: 50, tolerance: 0.25))
    #expect(moved { $0.affine.rows[0][0] = 1 } == .away(millimetres: 6, tolerance: 0.25))
    #expect(moved { $0.affine.rows[1][1] = 2 } == .away(millimetres: 4, tolerance: 0.25))
    #expect(moved { $0.shape = [4, 5, 7] } == .otherShape)
    #expect(moved { $0.shape = [5, 4, 6] } == .otherShape)
  }

  /// The same grid in the patient, counted from the other end, or along other axes.
  @Test func otherAxesOfTheSameGridAreSeen() {
    #expect(moved { $0.affine = Affine(rows: [[3, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 5]]) } == .turned)
    #expect(
      moved {
        $0.shape = [6, 5, 4]
        $0.affine = Affine(rows: [[0, 0, 3, 0], [0, 1, 0, 0], [1, 0, 0, 0]])
      } == .turned)
    #expect(
      moved { $0.affine = Affine(rows: [[3, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 6]]) }
        == .away(millimetres: 6, tolerance: 0.25))
  }
}
