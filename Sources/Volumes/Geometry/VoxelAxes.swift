import CNIfTI
import Compute

/// How a file's axes (i, j, k) become D (left to right), H (head to foot), W (front to back).
///
/// An oblique image keeps its own axes: each goes to the direction of the body it is nearest to.
package struct VoxelAxes: Hashable, Codable, Sendable {
  /// Where D, H and W lead.
  static let directions = ["left to right", "head to foot", "front to back"]

  /// For D, H and W: the file axis, 0 ... 2.
  package var source: [Int]
  /// For D, H and W: does the file count the other way?
  package var reversed: [Bool]

  /// What each of a file's axes points to: R, L, A, P, S or I for i, j, k, as nibabel's `aff2axcodes` gives it.
  package init(codes: String) {
    let letters = Array(codes)
    precondition(letters.count == 3, "orientation \"\(codes)\" has not three letters")
    let wanted: [(forward: Character, backward: Character)] = [("R", "L"), ("I", "S"), ("P", "A")]
    let found = wanted.map { direction in
      letters.firstIndex { $0 == direction.forward || $0 == direction.backward }
    }
    precondition(!found.contains(nil), "orientation \"\(codes)\" does not name three directions")
    source = found.map { $0! }
    reversed = zip(wanted, source).map { letters[$1] == $0.backward }
  }

  /// By niftilib's rule: of all ways to pair file axes with directions, the one closest to the affine's rotation.
  package init(of affine: Affine) {
    var matrix = nifti_dmat44()
    matrix.m = affine.tuples
    var (i, j, k): (Int32, Int32, Int32) = (0, 0, 0)
    nifti_dmat44_to_orientation(matrix, &i, &j, &k)
    let letters = ["?", "R", "L", "A", "P", "S", "I"]
    self.init(codes: [i, j, k].map { letters[Int($0)] }.joined())
  }

  package var codes: String {
    let forward = ["R", "I", "P"]
    let backward = ["L", "S", "A"]
    return (0..<3).map { axis in
      let direction = source.firstIndex(of: axis)!
      return reversed[direction] ? backward[direction] : forward[direction]
    }.joined()
  }

  /// A property of the file's axes (length, spacing) in the order D, H, W.
  package func ordered<T>(_ perFileAxis: [T]) -> [T] { source.map { perFileAxis[$0] } }

  package func extent(ofFile shape: [Int]) -> Extent3 {
    let sides = ordered(shape)
    return Extent3(sides[0], sides[1], sides[2])
  }

  /// The file's values (i fastest) as a grid in D, H, W order.
  package func grid<T: Sendable>(fromFile values: [T], shape: [Int]) -> Grid3<T> {
    let extent = extent(ofFile: shape)
    precondition(values.count == extent.count, "\(values.count) values for a file of \(shape)")
    let result = [T](unsafeUninitializedCapacity: values.count) { buffer, count in
      forEachVoxel(ofFile: shape) { grid, file in (buffer.baseAddress! + grid).initialize(to: values[file]) }
      count = values.count
    }
    return Grid3(extent, values: result)
  }

  /// A grid's values in the file's order (i fastest): the inverse of `grid`.
  package func file<T: Sendable>(from grid: Grid3<T>, shape: [Int]) -> [T] {
    precondition(grid.extent == extent(ofFile: shape), "a grid of \(grid.extent) for a file of \(shape)")
    return [T](unsafeUninitializedCapacity: grid.values.count) { buffer, count in
      forEachVoxel(ofFile: shape) { index, file in (buffer.baseAddress! + file).initialize(to: grid.values[index]) }
      count = grid.values.count
    }
  }

  /// Calls `body` with the position in the grid and the position in the file, in the grid's order.
  private func forEachVoxel(ofFile shape: [Int], _ body: (_ grid: Int, _ file: Int) -> Void) {
    let fileStrides = [1, shape[0], shape[0] * shape[1]]
    let extent = extent(ofFile: shape)
    let strides = (0..<3).map { reversed[$0] ? -fileStrides[source[$0]] : fileStrides[source[$0]] }
    let start = (0..<3).reduce(0) { $0 + (reversed[$1] ? fileStrides[source[$1]] * (shape[source[$1]] - 1) : 0) }
    var position = 0
    for d in 0..<extent.depth {
      for h in 0..<extent.height {
        var file = start + d * strides[0] + h * strides[1]
        for _ in 0..<extent.width {
          body(position, file)
          position += 1
          file += strides[2]
        }
      }
    }
  }
}

extension Affine {
  typealias Row = (Double, Double, Double, Double)

  /// niftilib's form.
  var tuples: (Row, Row, Row, Row) {
    func row(_ r: SIMD4<Double>) -> Row { (r[0], r[1], r[2], r[3]) }
    return (row(rows[0]), row(rows[1]), row(rows[2]), (0, 0, 0, 1))
  }

  init(_ matrix: nifti_dmat44) {
    func row(_ r: Row) -> SIMD4<Double> { SIMD4(r.0, r.1, r.2, r.3) }
    self.init(rows: [row(matrix.m.0), row(matrix.m.1), row(matrix.m.2)])
  }
}

extension Extent3 {
  /// Along D, H and W.
  var sides: SIMD3<Double> { SIMD3(Double(depth), Double(height), Double(width)) }
}
