import Compute

/// The pairs of label maps of `Golden/make_surface_scores.py`: 200 drawn ones, then 20 by hand.
enum DrawnMaps {
  typealias Pair = (prediction: Grid3<UInt8>, truth: Grid3<UInt8>)
  static let classes = 4

  static let all: [Pair] = (0..<200).map(random) + nasty

  private static func random(_ index: Int) -> Pair {
    var stream = RandomStream(seed: 20_261_127, purpose: .test, index: index)
    let u = (0..<64).map { _ in Double(stream.nextUniform()) }
    let sides = u[0..<3].map { 4 + Int($0 * 9) }
    let extent = Extent3(sides[0], sides[1], sides[2])
    return (ellipsoids(Array(u[8..<26]), extent), ellipsoids(Array(u[32..<50]), extent))
  }

  /// In the script's order of operations, so that no voxel differs.
  private static func ellipsoids(_ u: [Double], _ extent: Extent3) -> Grid3<UInt8> {
    var grid = Grid3<UInt8>(extent, repeating: 0)
    let sides = [extent.depth, extent.height, extent.width].map(Double.init)
    for c in 1..<classes {
      let v = Array(u[(6 * (c - 1))..<(6 * c)])
      func term(_ axis: Int, _ index: Int) -> Double {
        let x = (Double(index) - v[axis] * (sides[axis] - 1)) / ((0.1 + 0.4 * v[axis + 3]) * sides[axis])
        return x * x
      }
      for d in 0..<extent.depth {
        for h in 0..<extent.height {
          for w in 0..<extent.width where term(0, d) + term(1, h) + term(2, w) <= 1 { grid[d, h, w] = UInt8(c) }
        }
      }
    }
    return grid
  }

  static let extent = Extent3(5, 4, 3)

  static func box(_ value: UInt8, _ d: Range<Int>, _ h: Range<Int>, _ w: Range<Int>) -> Grid3<UInt8> {
    var grid = Grid3<UInt8>(extent, repeating: 0)
    fill(&grid, value, d, h, w)
    return grid
  }

  private static func fill(
    _ grid: inout Grid3<UInt8>, _ value: UInt8, _ d: Range<Int>, _ h: Range<Int>, _ w: Range<Int>
  ) {
    for d in d { for h in h { for w in w { grid[d, h, w] = value } } }
  }

  private static func drawn(_ change: (inout Grid3<UInt8>) -> Void) -> Grid3<UInt8> {
    var grid = Grid3<UInt8>(extent, repeating: 0)
    change(&grid)
    return grid
  }

  private static var nasty: [Pair] {
    let empty = drawn { _ in }
    let voxel = box(1, 2..<3, 1..<2, 1..<2)
    let corner = box(1, 0..<1, 0..<1, 0..<1)
    let far = box(1, 4..<5, 3..<4, 2..<3)
    let full = box(1, 0..<5, 0..<4, 0..<3)
    let hollow = drawn {
      fill(&$0, 1, 0..<5, 0..<4, 0..<3)
      fill(&$0, 0, 1..<4, 1..<3, 1..<2)
    }
    let plane = box(1, 0..<5, 0..<4, 1..<2)
    let slab = box(1, 2..<3, 0..<4, 0..<3)
    let line = box(1, 0..<5, 1..<2, 1..<2)
    let diagonal = drawn { grid in for i in 0..<3 { grid[i, i, i] = 1 } }
    let checkers = drawn { grid in
      for d in 0..<5 { for h in 0..<4 { for w in 0..<3 { grid[d, h, w] = UInt8((d + h + w) % 2) } } }
    }
    let others = Grid3<UInt8>(extent, values: checkers.values.map { 1 - $0 })
    let two = drawn {
      fill(&$0, 1, 0..<1, 0..<1, 0..<1)
      fill(&$0, 1, 4..<5, 3..<4, 2..<3)
    }
    func halves(_ first: UInt8, _ second: UInt8) -> Grid3<UInt8> {
      drawn {
        fill(&$0, first, 0..<2, 0..<4, 0..<3)
        fill(&$0, second, 2..<5, 0..<4, 0..<3)
      }
    }
    let (touching, swapped) = (halves(1, 2), halves(2, 1))
    return [
      (voxel, voxel), (voxel, corner), (corner, far), (full, full), (full, hollow), (hollow, voxel), (plane, slab),
      (line, plane), (diagonal, line), (checkers, full), (checkers, others), (two, corner), (two, two),
      (touching, touching), (touching, swapped), (swapped, full), (empty, voxel), (voxel, empty), (empty, empty),
      (full, far),
    ]
  }
}
