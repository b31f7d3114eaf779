/// Voxel indices (i, j, k) of a file to millimetres in the patient: x to the right, y to the front, z to the head.
package struct Affine: Hashable, Codable, Sendable {
  /// Three rows of four: `world[r] = Σ_c rows[r][c] · index[c] + rows[r][3]`.
  package var rows: [SIMD4<Double>]

  package init(rows: [SIMD4<Double>]) {
    precondition(rows.count == 3, "an affine has 3 rows, not \(rows.count)")
    self.rows = rows
  }

  /// Voxels of the given sizes, the axes as in the world, the origin at the first voxel.
  package init(spacing: SIMD3<Double>) {
    self.init(rows: [
      SIMD4(spacing[0], 0, 0, 0), SIMD4(0, spacing[1], 0, 0), SIMD4(0, 0, spacing[2], 0),
    ])
  }

  package func callAsFunction(_ index: SIMD3<Double>) -> SIMD3<Double> {
    let homogeneous = SIMD4(index, 1)
    return SIMD3((rows[0] * homogeneous).sum(), (rows[1] * homogeneous).sum(), (rows[2] * homogeneous).sum())
  }

  /// The step from one voxel to the next along a file axis.
  package func column(_ axis: Int) -> SIMD3<Double> { SIMD3(rows[0][axis], rows[1][axis], rows[2][axis]) }

  /// Distance of voxel centres along each file axis, in mm.
  package var spacing: SIMD3<Double> {
    func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }
    return SIMD3(length(column(0)), length(column(1)), length(column(2)))
  }

  /// Signed volume of a voxel relative to the box of the same sides: 0 when the axes lie in a plane.
  package var skewness: Double {
    let (a, b, c) = (column(0), column(1), column(2))
    let cross = SIMD3(b.y * c.z - b.z * c.y, b.z * c.x - b.x * c.z, b.x * c.y - b.y * c.x)
    let sides = spacing
    let box = sides.x * sides.y * sides.z
    return box > 0 ? (a * cross).sum() / box : 0
  }

  /// The largest distance between the corners of a file's volume under two affines, in mm.
  package func greatestDistance(to other: Affine, shape: [Int]) -> Double {
    var greatest = 0.0
    for corner in 0..<8 {
      let index = SIMD3((0..<3).map { corner >> $0 & 1 == 1 ? Double(shape[$0] - 1) : 0 })
      let difference = self(index) - other(index)
      greatest = max(greatest, (difference * difference).sum().squareRoot())
    }
    return greatest
  }
}
