import Compute
import Foundation
import Testing
import Volumes

@Suite struct GeometryTests {
  static let allCodes: [String] = {
    let pairs = [["R", "L"], ["A", "P"], ["S", "I"]]
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    return orders.flatMap { order in
      (0..<8).map { flips in order.enumerated().map { pairs[$1][flips >> $0 & 1] }.joined() }
    }
  }()

  @Test(arguments: allCodes)
  func turningAndBackIsNothing(codes: String) {
    let axes = VoxelAxes(codes: codes)
    #expect(axes.codes == codes)
    let shape = [3, 4, 5]
    let values = Array(0..<60)
    #expect(axes.file(from: axes.grid(fromFile: values, shape: shape), shape: shape) == values)
  }

  /// D grows to the right, H to the feet, W to the back: by the world positions of the voxels.
  @Test(arguments: allCodes)
  func axesPointAsPromised(codes: String) {
    let directions: [Character: SIMD3<Double>] = [
      "R": SIMD3(1, 0, 0), "L": SIMD3(-1, 0, 0), "A": SIMD3(0, 1, 0), "P": SIMD3(0, -1, 0), "S": SIMD3(0, 0, 1),
      "I": SIMD3(0, 0, -1),
    ]
    let columns: [SIMD3<Double>] = zip(codes, [1.0, 2, 3]).map { directions[$0]! * $1 }
    let rows = (0..<3).map { SIMD4<Double>(columns[0][$0], columns[1][$0], columns[2][$0], 0) }
    let affine = Affine(rows: rows)
    let geometry = Geometry(shape: [3, 4, 5], affine: affine)
    #expect(geometry.axes.codes == codes)
    let positions: [SIMD3<Double>] = (0..<60).map { index in
      let (i, j, k) = (index % 3, index / 3 % 4, index / 12)
      return affine(SIMD3(Double(i), Double(j), Double(k)))
    }
    let grid = geometry.axes.grid(fromFile: positions, shape: [3, 4, 5])
    #expect(grid[1, 0, 0].x - grid[0, 0, 0].x == geometry.spacing.x)
    #expect(grid[0, 1, 0].z - grid[0, 0, 0].z == -geometry.spacing.y)
    #expect(grid[0, 0, 1].y - grid[0, 0, 0].y == -geometry.spacing.z)
  }

  @Test func distanceIsThatOfTheFarthestCorner() {
    let a = Affine(spacing: SIMD3(1, 2, 3))
    var b = a
    b.rows[0][3] = 3
    b.rows[1][3] = 4
    #expect(a.greatestDistance(to: b, shape: [5, 5, 5]) == 5)
    let c = Affine(spacing: SIMD3(1, 2, 3.5))
    #expect(a.greatestDistance(to: c, shape: [5, 5, 11]) == 5)
    #expect(a.greatestDistance(to: a, shape: [5, 5, 5]) == 0)
  }

  @Test func skewnessIsTheShareOfTheBox() {
    #expect(Affine(spacing: SIMD3(1, 2, 3)).skewness == 1)
    let flat = Affine(rows: [SIMD4(1, 1, 0, 0), SIMD4(1, 1, 0, 0), SIMD4(0, 0, 1, 0)])
    #expect(flat.skewness == 0)
    #expect(Affine(rows: [SIMD4(0, 1, 1, 0), SIMD4(0, 1, 0, 0), SIMD4(0, 0, 1, 0)]).skewness == 0)
  }
}
