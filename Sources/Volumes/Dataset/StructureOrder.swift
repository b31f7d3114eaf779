import Compute
import Text

/// A case whose structures lie along an axis the other way round than in most cases: numbered upside down, or left for
/// right.
package struct StructureOrder: Hashable, Sendable {
  package var name: String
  /// 0, 1, 2: D, H, W.
  package var axis: Int
  /// Cases in which all of them lie the other way.
  package var others: Int

  /// Pairs of structures tell nothing unless they lie so far apart in the middle case, as a share of the axis, ...
  private static let apart = 0.1
  /// ... and one after the other alike in so many of the cases that have both, by half as much at least: where a spine leans to
  /// one side or the other, distances go through zero ...
  private static let agreeing = 0.8
  /// ... and these are so many.
  private static let fewest = 4
  /// A case of which more than half of so many pairs or more are exchanged is reversed.
  private static let pairs = 3

  /// - Parameter cases: for each, where the centres of its structures lie along D, H and W, as shares of the sides.
  package static func reversed(_ cases: [(name: String, centres: [Int: [Double]])]) -> [StructureOrder] {
    let couples = StructurePairs(cases).pairs
    return (0..<3).flatMap { axis in
      var votes = [(reversed: Int, all: Int)](repeating: (0, 0), count: cases.count)
      for (first, second) in couples {
        let gaps = cases.map { one in
          one.centres[first].flatMap { start in one.centres[second].map { $0[axis] - start[axis] } }
        }
        guard let usual = usualGap(gaps.compactMap(\.self)) else { continue }
        for (index, gap) in gaps.enumerated() {
          guard let gap else { continue }
          votes[index].all += 1
          if gap / usual <= -0.5 { votes[index].reversed += 1 }
        }
      }
      return named(cases.map(\.name), votes, axis)
    }
  }

  /// Of the distances from one structure to another, the middle one; nil where most cases do not agree on it.
  static func usualGap(_ gaps: [Double], apart: Double = apart) -> Double? {
    guard gaps.count >= fewest else { return nil }
    let middle = gaps.sorted()[gaps.count / 2]
    guard abs(middle) >= apart else { return nil }
    let agreeing = gaps.filter { $0 / middle > 0 }
    guard Double(agreeing.count) >= Self.agreeing * Double(gaps.count) else { return nil }
    return agreeing.allSatisfy { $0 / middle >= 0.5 } ? middle : nil
  }

  private static func named(
    _ names: [String], _ votes: [(reversed: Int, all: Int)], _ axis: Int
  ) -> [StructureOrder] {
    let others = votes.count { $0.all >= pairs && $0.reversed == 0 }
    return zip(names, votes).filter { $1.all >= pairs && 2 * $1.reversed > $1.all }.map { name, _ in
      StructureOrder(name: name, axis: axis, others: others)
    }
  }

  /// One line for each axis along which any case is reversed.
  package static func notices(_ found: [StructureOrder]) -> [String] {
    (0..<3).compactMap { axis in
      let some = found.filter { $0.axis == axis }
      guard let first = some.first else { return nil }
      let list = DatasetNotice.shortList(some.map(\.name), of: "masks")
      return
        "\(list): the structures lie from \(VoxelAxes.directions[axis]) in the reverse order of"
        + " \(Quantity.of(first.others, "other mask")); correct the numbers, or the orientation of image and mask"
    }
  }
}

extension Grid3 where Element: Hashable {
  /// Where the centre of all voxels of each value lies along D, H and W, as a share of the side: 0 to 1.
  ///
  /// - Parameter background: a value that is left out.
  package func centres(besides background: Element) -> [Element: [Double]] {
    var sums: [Element: [Int]] = [:]
    func take(_ run: Range<Int>, _ value: Element) {
      guard !run.isEmpty, value != background else { return }
      let (row, start, count) = (run.lowerBound / extent.width, run.lowerBound % extent.width, run.count)
      // Voxels, and twice the sum of their middles: i + 1/2 along each axis.
      let more = [
        count, count * (2 * (row / extent.height) + 1), count * (2 * (row % extent.height) + 1),
        count * (2 * start + count),
      ]
      sums[value] = sums[value].map { zip($0, more).map(+) } ?? more
    }
    for row in stride(from: 0, to: values.count, by: max(extent.width, 1)) {
      var start = row
      for index in row..<(row + extent.width) where values[index] != values[start] {
        take(start..<index, values[start])
        start = index
      }
      take(start..<(row + extent.width), values[start])
    }
    let sides = [extent.depth, extent.height, extent.width]
    return sums.mapValues { sum in
      zip(sum.dropFirst(), sides).map { Double($0) / Double(2 * sum[0] * $1) }
    }
  }
}
