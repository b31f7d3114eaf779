import Testing
import Volumes

/// Numbers of masks that are not those of the others.
@Suite struct OddMasksTests {
  @Test func soundMasksAreNotOdd() { #expect(SpineFacts().notices().isEmpty) }

  @Test func twoNumbersThatAreExchanged() {
    var spine = SpineFacts()
    spine.renumber(2, [1, 0, 2, 3, 4])
    let words =
      "c3: L1 and L2 lie from head to foot the other way round than in 9 other masks; exchange the two numbers in the mask, or"
      + " leave the case out by dataset.exclude"
    #expect(spine.notices() == [words])
    // Of three that change their places, the two that lie farthest apart.
    spine = SpineFacts()
    spine.renumber(2, [2, 1, 0, 3, 4])
    #expect(spine.notices() == [words.replacingOccurrences(of: "L1 and L2", with: "L1 and L3")])
  }

  @Test func leftForRightInTwoMasks() {
    var spine = SpineFacts(12)
    spine.names = ["cord", "left root", "right root", "canal", "disc"]
    for place in spine.facts.indices {
      let isExchanged = place == 1 || place == 4
      spine.facts[place].centres = [
        [0.05, 0.5, 0.5], [isExchanged ? 0.7 : 0.3, 0.5, 0.5], [isExchanged ? 0.3 : 0.7, 0.5, 0.5], [0.9, 0.5, 0.52],
        [0.95, 0.6, 0.4],
      ]
    }
    #expect(
      spine.notices() == [
        "2 masks, c2, c5: left root and right root lie from left to right the other way round than in 10 other masks; exchange"
          + " the two numbers in the mask, or leave the case out by dataset.exclude"
      ])
  }

  /// One that lies anywhere, and four cases whose names say nothing: nothing that most masks agree on.
  @Test func whatMayBeSoIsNotExchanged() {
    var spine = SpineFacts()
    for place in spine.facts.indices {
      spine.facts[place].centres?[4] = [0.5, [0.1, 0.9, 0.4, 0.6][place % 4], 0.5]
    }
    spine.names[4] = "lesion"
    #expect(spine.notices().isEmpty)
    spine = SpineFacts(4)
    spine.names = ["a", "b", "c", "d", "e"]
    spine.renumber(2, [1, 0, 2, 3, 4])
    #expect(spine.notices().isEmpty)
  }

  /// All but one of six lean to one side by less than a tenth of the image.
  @Test func leaningIsNoExchange() {
    var spine = SpineFacts(6)
    for place in spine.facts.indices {
      let lean = place == 2 ? -0.018 : 0.018
      for level in 0..<5 { spine.facts[place].centres?[level][0] = 0.5 + lean * Double(level) }
    }
    #expect(spine.notices().isEmpty)
  }

  @Test func aFewVoxelsFarAway() {
    var spine = SpineFacts()
    spine.facts[6].centres?[4] = [0.1, 0.02, 0.1]
    spine.facts[6].structures[4] = SpineFacts.voxels(1)
    #expect(
      spine.notices() == ["c7: L5 is 1 voxel far from its place in 9 other masks; set it to 0, or draw the structure"])
    // The same few in their place are a level that the image cuts.
    spine.facts[6].centres?[4] = [0.5, 0.85, 0.6]
    #expect(spine.notices().isEmpty)
  }

  @Test func aMaskOfOneNumberOnly() {
    var spine = SpineFacts()
    let all = spine.facts[2].structures.reduce(0) { $0 + $1.found }
    spine.renumber(2, [0, nil, nil, nil, nil])
    // One level alone may have been all that was drawn.
    #expect(spine.notices().isEmpty)
    spine.facts[2].structures[0] = SpineFacts.voxels(all)
    spine.facts[2].centres?[0] = [0.5, 0.5, 0.54]
    #expect(
      spine.notices() == [
        "c3: L1 is 5.0 times as large as in most masks, and L2, L3, L4, L5, which most have, are missing; give each structure"
          + " its own number in this mask, or leave the case out by dataset.exclude"
      ])
  }

  @Test func twoLevelsOfOneNumber() {
    var spine = SpineFacts()
    let both = spine.facts[5].structures[0].found + spine.facts[5].structures[1].found
    spine.renumber(5, [0, nil, 2, 3, 4])
    spine.facts[5].structures[0] = SpineFacts.voxels(both)
    let words = spine.notices()
    #expect(
      words.count == 1
        && words[0].hasPrefix("c6: L1 is 2.2 times as large as in most masks, and L2, which most have, is missing;"))
    // All twice as large: a large patient without L2.
    spine.facts[5].structures = spine.facts[5].structures.enumerated().map { level, count in
      SpineFacts.voxels(level == 0 ? count.found : 2 * count.found)
    }
    #expect(spine.notices().map { $0.prefix(17) } == ["c6: L2 is missing"])
  }

  @Test func aLevelThatWasNotDrawn() {
    var spine = SpineFacts()
    spine.renumber(2, [0, nil, 2, 3, 4])
    #expect(
      spine.notices() == [
        "c3: L2 is missing between L1 and L3, where 9 other masks have it; draw it, mark the voxels as not annotated (\"ignore\","
          + " docs/labels.md), or leave the case out by dataset.exclude"
      ])
    spine = SpineFacts()
    spine.renumber(2, [0, nil, nil, 3, 4])
    #expect(
      spine.notices().map { $0.prefix(52) }
        == ["c3: L2, L3 are missing between L1 and L4, where 9 oth"].map { $0.prefix(52) })
    // No room between the two that are there: the patient has none, or they are fused.
    spine = SpineFacts()
    spine.renumber(2, [0, nil, 2, 3, 4])
    spine.facts[2].centres = [[0.5, 0.3, 0.5], [], [0.5, 0.45, 0.5], [0.5, 0.6, 0.5], [0.5, 0.75, 0.5]]
    #expect(spine.notices().isEmpty)
    // A level that many lack.
    spine = SpineFacts()
    for place in 0..<4 { spine.renumber(place, [0, nil, 2, 3, 4]) }
    #expect(spine.notices().isEmpty)
  }

  @Test func structuresOfAnotherSize() {
    var spine = SpineFacts()
    spine.facts[3].voxel = [4, 2, 2]
    #expect(
      spine.notices() == [
        "c4: its structures have 3.7 times the volume that they have in most masks; correct the spacing in the headers of image"
          + " and mask"
      ])
    spine = SpineFacts()
    spine.facts[3].structures = spine.facts[3].structures.map { SpineFacts.voxels($0.found / 10) }
    #expect(
      spine.notices() == [
        "c4: its structures have 1/11 of the volume that they have in most masks; correct the spacing in the headers of image"
          + " and mask, or draw the structures in all slices"
      ])
    spine.facts[3].structures = spine.facts[3].structures.map { SpineFacts.voxels($0.found * 5) }
    #expect(spine.notices().isEmpty)
  }

  @Test func numbersThatAreShiftedByOne() {
    var spine = SpineFacts()
    spine.renumber(2, [1, 2, 3, 4, nil])
    #expect(
      spine.notices() == [
        "c3: its structures lie a level lower than in most masks, and L5 is missing though the image goes on below L4; if the"
          + " numbers are shifted by one, correct the mask"
      ])
    spine = SpineFacts()
    spine.renumber(2, [nil, 0, 1, 2, 3])
    #expect(
      spine.notices() == [
        "c3: its structures lie a level higher than in most masks, and L1 is missing though the image goes on above L2; if the"
          + " numbers are shifted by one, correct the mask"
      ])
  }

  /// The image ends where L5 would be, or L5 was not drawn.
  @Test func aLevelThatIsMissingIsNoShift() {
    var spine = SpineFacts()
    spine.facts[2].centres = (0..<5).map { $0 == 4 ? [] : [0.5, 0.45 + 0.15 * Double($0), 0.5] }
    spine.facts[2].structures[4] = StructureVoxels()
    #expect(spine.notices().isEmpty)
    spine = SpineFacts()
    spine.renumber(2, [0, 1, 2, 3, nil])
    #expect(spine.notices().isEmpty)
  }

  /// Of a whole body's structures: near ones are compared, and what is not is said.
  @Test func manyStructuresAreComparedWithTheirNeighbours() {
    func told(_ exchanged: (Int, Int)) -> [String] {
      var spine = SpineFacts(6)
      spine.names = (1...100).map { "S\($0)" }
      for place in spine.facts.indices {
        spine.facts[place].structures = (0..<100).map { _ in SpineFacts.voxels(1000) }
        spine.facts[place].present = [Bool](repeating: true, count: 100)
        spine.facts[place].centres = (0..<100).map { (level: Int) -> [Double] in
          [0.5, (level % 2 == 0 ? 0 : 0.5) + Double(level / 2) / 200, 0.5]
        }
      }
      spine.facts[3].centres?.swapAt(exchanged.0, exchanged.1)
      return spine.notices()
    }
    let bound =
      "the masks have 100 structures: whether two lie the right way round was looked at only where their numbers are at most 10"
      + " places apart"
    let found = told((20, 21))
    #expect(
      found.first == bound && found.contains { $0.hasPrefix("c4: S21 and S22 lie from head to foot the other way") })
    #expect(!told((20, 81)).contains { $0.contains("S21 and S82") })
  }
}
