import Text

/// A case in which two structures lie along an axis the other way round than in most: two numbers of its mask are
/// exchanged, or a few voxels of one lie astray.
package struct ExchangedStructures: Hashable, Sendable {
  package var name: String
  /// By their place among the structures, as they follow each other in most cases.
  package var first: Int
  package var second: Int
  /// 0, 1, 2: D, H, W.
  package var axis: Int
  /// Cases that have both in the usual order.
  package var others: Int

  /// So many cases must have both structures, ...
  private static let fewest = 5
  /// ... which lie so far apart in the middle case, as a share of D, H and W: spines lean to one side or the other.
  private static let apart = [0.1, 0.03, 0.1]

  /// At most one pair for each case, the one that lies farthest apart in most.
  ///
  /// - Parameter cases: for each, where the centres of its structures lie along D, H and W, as shares of the sides.
  package static func all(in cases: [(name: String, centres: [Int: [Double]])]) -> [ExchangedStructures] {
    var widest = [(gap: Double, found: ExchangedStructures)?](repeating: nil, count: cases.count)
    for (first, second) in StructurePairs(cases).pairs {
      for axis in 0..<3 {
        let gaps = cases.map { one in
          one.centres[first].flatMap { start in one.centres[second].map { $0[axis] - start[axis] } }
        }
        let known = gaps.compactMap(\.self)
        guard known.count >= fewest, let usual = StructureOrder.usualGap(known, apart: apart[axis]) else { continue }
        let others = known.count { $0 / usual > 0 }
        for (place, gap) in gaps.enumerated() {
          guard let gap, gap / usual <= -0.5, abs(usual) > widest[place]?.gap ?? 0 else { continue }
          let pair = usual > 0 ? (first, second) : (second, first)
          widest[place] = (
            abs(usual),
            ExchangedStructures(name: cases[place].name, first: pair.0, second: pair.1, axis: axis, others: others)
          )
        }
      }
    }
    return widest.compactMap { $0?.found }
  }

  /// Fewer voxels than this share of the usual number are astray.
  private static let few = 0.02

  /// One line for each pair of structures, and one for each case in which one of the two is a few voxels only.
  ///
  /// - Parameters:
  ///   - names: of the structures.
  ///   - facts: of all cases.
  static func notices(_ found: [ExchangedStructures], _ names: [String], _ facts: [CaseFacts]) -> [String] {
    let astray = found.map { ($0, $0.astray(facts)) }
    let strays = astray.compactMap { one, stray in
      stray.map { structure, voxels in
        "\(one.name): \(names[structure]) is \(voxels) \(voxels == 1 ? "voxel" : "voxels") far from its place in"
          + " \(Quantity.of(one.others, "other mask")); set \(voxels == 1 ? "it" : "them") to 0, or draw the structure"
      }
    }
    let pairs = Dictionary(grouping: astray.filter { $1 == nil }.map(\.0)) { [$0.first, $0.second, $0.axis] }
    return strays
      + pairs.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, cases in
        "\(DatasetNotice.shortList(cases.map(\.name), of: "masks")): \(names[key[0]]) and \(names[key[1]]) lie from"
          + " \(VoxelAxes.directions[key[2]]) the other way round than in \(Quantity.of(cases[0].others, "other mask")); exchange the two"
          + " numbers in the mask, or leave the case out by dataset.exclude"
      }
  }

  /// The one of the two structures of which there are a few voxels only, and how many.
  private func astray(_ facts: [CaseFacts]) -> (structure: Int, voxels: Int)? {
    guard let own = facts.first(where: { $0.name == name }) else { return nil }
    return [first, second].lazy.compactMap { structure -> (structure: Int, voxels: Int)? in
      let counts = facts.map { $0.structures[structure].found }.filter { $0 > 0 }.sorted()
      let voxels = own.structures[structure].found
      return Double(voxels) < Self.few * Double(counts[counts.count / 2]) ? (structure, voxels) : nil
    }.first
  }
}
