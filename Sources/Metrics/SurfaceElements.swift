import Compute

/// The areas of the surface elements that a structure's closed surface is made of, one at every corner of the voxel grid.
///
/// Eight voxels meet at a corner. Where some of them belong to the structure and some do not, the surface passes between
/// them; its piece is the one that marching cubes draws through the middles of the edges between the eight voxel centres
/// (Lorensen and Cline 1987), with the area-weighted normals n in units of voxel sides. In millimetres a piece has the
/// area `sum |n * (sy sz, sx sz, sx sy)|`. The pieces are those of DeepMind's `surface-distance`, which tests compare for
/// all 256 patterns; here they follow from the six shapes that up to four voxels joined by edges can have, because a
/// pattern and its complement have one surface, and pieces that are not joined have theirs beside each other.
package struct SurfaceElementAreas: Sendable {
  /// mm², by pattern: bit `7 - (4 d + 2 h + w)` says that the voxel at (d, h, w) of the eight belongs to the structure.
  private let areas: [Double]

  /// - Parameter spacing: voxel sides in mm, D, H, W.
  package init(spacing: SIMD3<Double>) {
    let faces = SIMD3(spacing.y * spacing.z, spacing.x * spacing.z, spacing.x * spacing.y)
    areas = (0..<256).map { pattern in
      Self.normals(of: UInt8(pattern)).reduce(0) { $0 + ($1 * faces * ($1 * faces)).sum().squareRoot() }
    }
  }

  package subscript(pattern: UInt8) -> Double { areas[Int(pattern)] }

  /// Area-weighted normals without their signs, which an area does not need.
  static func normals(of pattern: UInt8) -> [SIMD3<Double>] {
    var rest = pattern.nonzeroBitCount <= 4 ? pattern : ~pattern
    var normals: [SIMD3<Double>] = []
    while rest != 0 {
      let piece = joined(from: 7 - rest.trailingZeroBitCount, in: rest)
      rest &= ~piece.reduce(0) { $0 | bit($1) }
      normals += Self.normals(ofPiece: piece)
    }
    return normals
  }

  /// Corners of a cube are numbers 4 d + 2 h + w; two are joined by an edge along an axis where one bit differs.
  private static func bit(_ corner: Int) -> UInt8 { 128 >> UInt8(corner) }

  private static func joined(from first: Int, in pattern: UInt8) -> [Int] {
    var (piece, next) = ([first], 0)
    while next < piece.count {
      for flip in [4, 2, 1] where pattern & bit(piece[next] ^ flip) != 0 && !piece.contains(piece[next] ^ flip) {
        piece.append(piece[next] ^ flip)
      }
      next += 1
    }
    return piece
  }

  private static func axis(_ flip: Int) -> SIMD3<Double> {
    SIMD3(flip & 4 != 0 ? 1 : 0, flip & 2 != 0 ? 1 : 0, flip & 1 != 0 ? 1 : 0)
  }

  private static func normals(ofPiece piece: [Int]) -> [SIMD3<Double>] {
    let ones = SIMD3<Double>(repeating: 1)
    let varying = piece.reduce(0) { $0 | ($1 ^ piece[0]) }
    let neighbours = piece.map { corner in piece.filter { ($0 ^ corner).nonzeroBitCount == 1 } }
    switch (piece.count, varying.nonzeroBitCount) {
    case (1, _): return [ones / 8]
    case (2, _): return Array(repeating: (ones - axis(varying)) / 4, count: 2)
    case (3, _): return [axis(7 ^ varying) / 2, ones / 4, ones / 8]
    case (4, 2): return Array(repeating: axis(7 ^ varying) / 2, count: 2)
    case (4, _) where neighbours.contains { $0.count == 3 }: return [ones / 8, ones / 8, ones / 4, ones / 4]
    default:
      // A chain that turns out of its plane: its two last edges lie as single edges do.
      let ends = piece.indices.filter { neighbours[$0].count == 1 }.map {
        (ones - axis(piece[$0] ^ neighbours[$0][0])) / 4
      }
      return ends + [ones / 8, ones * 3 / 8]
    }
  }
}

/// The patterns of the eight voxels around every corner of a box of voxels, one more on each axis than it has voxels;
/// what lies outside the box does not belong to the structure.
struct CornerPatterns {
  let patterns: Grid3<UInt8>

  init(of label: UInt8, in labels: Grid3<UInt8>, box: VoxelBox) {
    let sides = box.extent
    var patterns = Grid3<UInt8>(Extent3(sides.depth + 1, sides.height + 1, sides.width + 1), repeating: 0)
    let (row, plane) = (sides.width + 1, (sides.height + 1) * (sides.width + 1))
    patterns.values.withUnsafeMutableBufferPointer { corners in
      for d in 0..<sides.depth {
        for h in 0..<sides.height {
          for w in 0..<sides.width where labels[d + box.lower.x, h + box.lower.y, w + box.lower.z] == label {
            // The voxel is the last of the eight around its first corner, and the first of those around its last.
            let first = d * plane + h * row + w
            for corner in 0..<8 {
              corners[first + (corner >> 2) * plane + (corner >> 1 & 1) * row + (corner & 1)] |= 1 << UInt8(corner)
            }
          }
        }
      }
    }
    self.patterns = patterns
  }

  /// Where the surface passes.
  var surface: Grid3<Bool> { Grid3(patterns.extent, values: patterns.values.map { $0 != 0 && $0 != 255 }) }
}
