import Compute
import Testing
import Volumes

/// Masks whose structures lie the other way round than in most.
@Suite struct StructureOrderTests {
  /// So many structures, one below the other, shifted a little from case to case.
  private func spine(_ name: String, _ numbers: [Int], shift: Double = 0) -> (name: String, centres: [Int: [Double]]) {
    let steps = numbers.enumerated().map { ($1, [0.5, 0.1 + 0.15 * Double($0) + shift, 0.4]) }
    return (name, Dictionary(uniqueKeysWithValues: steps))
  }

  @Test func oneThatIsUpsideDownIsFound() {
    let cases = (1...5).map { spine("c\($0)", [1, 2, 3, 4], shift: 0.01 * Double($0)) }
    #expect(StructureOrder.reversed(cases).isEmpty)
    let found = StructureOrder.reversed(cases + [spine("turned", [4, 3, 2, 1])])
    #expect(found.map(\.name) == ["turned"] && found.map(\.axis) == [1] && found.map(\.others) == [5])
  }

  /// Numbers need not follow the body: what most masks have is the order.
  @Test func theOrderIsThatOfMostMasks() {
    let cases = (1...5).map { spine("c\($0)", [3, 1, 4, 2]) }
    #expect(StructureOrder.reversed(cases + [spine("a", [3, 1, 4])]).isEmpty)
    #expect(StructureOrder.reversed(cases + [spine("b", [2, 4, 1, 3])]).map(\.name) == ["b"])
  }

  /// A level that is skipped or two that are exchanged leave most of the order as it is; two structures tell too little, and
  /// so do structures side by side.
  @Test func lessThanHalfOfTheOrderIsNoReversal() {
    let cases = (1...5).map { spine("c\($0)", [1, 2, 3, 4]) }
    #expect(StructureOrder.reversed(cases + [spine("skipped", [1, 3, 4]), spine("exchanged", [2, 1, 3, 4])]).isEmpty)
    #expect(StructureOrder.reversed(cases + [spine("few", [2, 1])]).isEmpty)
    let level = (1...6).map { one in
      (name: "l\(one)", centres: [1: [0.5, 0.5, 0.5], 2: [0.5, 0.5, 0.52], 3: [0.5, 0.5, one == 6 ? 0.48 : 0.54]])
    }
    #expect(StructureOrder.reversed(level).isEmpty)
  }

  /// Spines lean left or right, whichever most of a few do.
  @Test func leaningIsNoOrder() {
    let leaning = [0.09, 0.12, 0.05, 0.11, 0.02, -0.1].enumerated().map { number, lean in
      let centres = (1...5).map { ($0, [0.5 + lean * Double($0), 0.15 * Double($0), 0.4]) }
      return (name: "c\(number)", centres: Dictionary(uniqueKeysWithValues: centres))
    }
    #expect(StructureOrder.reversed(leaning).isEmpty)
  }

  /// Of few structures all pairs are compared, of many no more than that, whatever their number.
  @Test func theWorkDoesNotGrowWithTheSquareOfTheStructures() {
    for count in [2, 5, 20, 45] {
      let all = StructurePairs(Array(1...count))
      #expect(all.pairs.count == count * (count - 1) / 2 && all.reach == nil)
    }
    for count in [46, 104, 255] {
      let near = StructurePairs(Array(1...count))
      #expect(near.pairs.count <= StructurePairs.most)
      #expect(near.pairs.allSatisfy { $0.second - $0.first <= near.reach ?? 0 })
    }
    #expect(StructurePairs(Array(1...255)).reach == 3)
  }

  /// However many masks ask.
  @Test func aGapIsWorkedOutOnce() {
    var gaps = StructureGaps(SpineFacts(10).facts)
    for _ in 0..<50 {
      #expect(gaps.gap(0, 2).map { abs($0 - 0.3) < 1e-9 } == true && gaps.gap(2, 0).map { $0 < 0 } == true)
    }
    #expect(gaps.computed == 2)
  }

  /// Three cases are too few to say which of them is right.
  @Test func fewCasesSayNothing() {
    #expect(StructureOrder.reversed([spine("a", [1, 2, 3]), spine("b", [1, 2, 3]), spine("c", [3, 2, 1])]).isEmpty)
  }

  /// Against sums written out voxel by voxel.
  @Test func centresAreTheMeansOfTheirVoxels() {
    let extent = Extent3(4, 5, 3)
    let values = (0..<60).map { UInt8($0 * $0 % 7 % 4) }
    let found = Grid3(extent, values: values).centres(besides: 0)
    #expect(Set(found.keys) == [1, 2, 3].filter { values.contains($0) }.reduce(into: Set()) { $0.insert($1) })
    for (value, centre) in found {
      let places = values.indices.filter { values[$0] == value }
      let count = Double(places.count)
      let means = [
        places.reduce(0.0) { $0 + Double($1 / 15) + 0.5 } / count / 4,
        places.reduce(0.0) { $0 + Double($1 / 3 % 5) + 0.5 } / count / 5,
        places.reduce(0.0) { $0 + Double($1 % 3) + 0.5 } / count / 3,
      ]
      for (one, mean) in zip(centre, means) { #expect(abs(one - mean) < 1e-12) }
    }
  }
}
