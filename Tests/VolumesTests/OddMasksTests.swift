import Compute
import Foundation
import Testing
import Volumes

/// Made-up facts of a lumbar dataset: five levels, one below the other, a little elsewhere in each case.
struct SpineFacts {
  var names = ["L1", "L2", "L3", "L4", "L5"]
  var facts: [CaseFacts]

  init(_ count: Int = 10) {
    facts = (1...count).map { number in
      // Unequal sizes, the least 0.8 and the largest 1.2 of the usual.
      let size = 0.8 + 0.4 * Double(number - 1) / Double(count - 1)
      let shift = 0.01 * Double(number % 4)
      let counts: [Int] = (0..<5).map { Int(size * Double(4000 + 300 * $0)) }
      var one = CaseFacts(
        name: "c\(number)", present: [true, true, true, true, true], spacing: [4, 1, 1], imageDigest: "\(number)",
        source: "", extent: Extent3(20, 220, 200), structures: counts.map(Self.voxels), lowest: 0, highest: 255,
        isBlank: false)
      one.centres = (0..<5).map { Self.centre(level: $0, shift) }
      one.voxel = [4, 1, 1]
      one.skew = 0.5
      return one
    }
  }

  private static func centre(level: Int, _ shift: Double) -> [Double] {
    let place = Double(level)
    return [0.5, 0.2 + 0.15 * place + shift, 0.5 + 0.02 * place]
  }

  static func voxels(_ count: Int) -> StructureVoxels { StructureVoxels(found: count, kept: count) }

  /// What is said of them.
  func notices() -> [String] {
    let cases = facts.map { one in
      DatasetCase(
        name: one.name, image: URL(fileURLWithPath: "/\(one.name).nii"),
        label: URL(fileURLWithPath: "/\(one.name)m.nii"))
    }
    let map = LabelMap(structures: names.enumerated().map { .init(name: $1, value: $0 + 1) })
    let dataset = Dataset(root: URL(fileURLWithPath: "/"), layout: .manifest, cases: cases)
    return DatasetCensus(
      dataset, labels: map, preprocessing: Preprocessing(size: Extent3(20, 220, 200), crop: .none), facts: facts
    ).notices
  }

  /// Of one case, the structures with other numbers: what was `order[i]` is `i`, and nil is none.
  mutating func renumber(_ place: Int, _ order: [Int?]) {
    let own = facts[place]
    facts[place].centres = order.map { $0.flatMap { own.centres?[$0] } ?? [] }
    facts[place].structures = order.map { $0.map { own.structures[$0] } ?? StructureVoxels() }
  }
}

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

  /// One that lies anywhere, and four cases: nothing that most masks agree on.
  @Test func whatMayBeSoIsNotExchanged() {
    var spine = SpineFacts()
    for place in spine.facts.indices {
      spine.facts[place].centres?[4] = [0.5, [0.1, 0.9, 0.4, 0.6][place % 4], 0.5]
    }
    spine.names[4] = "lesion"
    #expect(spine.notices().isEmpty)
    spine = SpineFacts(4)
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
}

/// Masks beside what they are of.
@Suite struct MaskPlacementTests {
  @Test func aMaskThatLiesBesideIsTold() {
    var spine = SpineFacts()
    for place in spine.facts.indices { spine.facts[place].unevenness = 0.3 + 0.01 * Double(place % 5) }
    #expect(spine.notices().isEmpty)
    spine.facts[2].unevenness = 0.45
    #expect(spine.notices().isEmpty)
    spine.facts[2].unevenness = 0.64
    #expect(
      spine.notices() == [
        "c3: within the structures the image of c3 is 1.9 times as uneven as in most cases, as if the mask lay beside them; look"
          + " whether the mask is of this image and lies on it (moved, turned, of another case), and correct it, or leave the case"
          + " out by dataset.exclude"
      ])
    // Where images differ much among themselves, one more does not.
    for place in spine.facts.indices where place != 2 { spine.facts[place].unevenness = 0.2 + 0.05 * Double(place) }
    #expect(spine.notices().isEmpty)
  }

  /// By numpy: structures [2, 4] and [7, 7, 10] within [0, 2, 4, 7, 7, 10, 30, 1], variances 1 and 2, whole 81.734375.
  @Test func unevennessIsThatOfTheVariances() {
    let image = Grid3<Double>(Extent3(2, 1, 4), values: [0, 2, 4, 7, 7, 10, 30, 1])
    let mask = Grid3<UInt8>(Extent3(2, 1, 4), values: [0, 1, 1, 2, 2, 2, 0, 0])
    #expect(mask.unevenness(of: image, structures: 2) == 0.1355)
    #expect(mask.unevenness(of: Grid3(image.extent, repeating: 3), structures: 2) == nil)
  }
}

/// Names of structures against their places.
@Suite struct NamedLevelsTests {
  func notices(_ names: [String]) -> [String] {
    var spine = SpineFacts()
    spine.names = names
    return spine.notices()
  }

  @Test(arguments: [
    ["L1", "L2", "L3", "L4", "L5"], ["T12", "L1", "L2", "L3", "S1"], ["th11", "Th12", "l1", "l2", "sacrum"],
    ["T12/L1", "L1-L2", "L2_L3", "disc L3/L4", "L4/L5"], ["L1", "L1/L2", "L2", "L2/L3", "L3"],
    ["vertebra_C3", "vertebra_C4", "vertebra_C5", "vertebra_C6", "vertebra_C7"],
    // No levels, or too few of them.
    ["spine", "canal", "cord", "discs", "csf"], ["L2", "L1", "cord", "canal", "csf"], ["5", "4", "3", "2", "1"],
    ["T2 lesion", "T1 lesion", "A", "B", "C"],
  ])
  func namesThatFollowTheBody(names: [String]) { #expect(notices(names).isEmpty) }

  @Test(arguments: [
    ["L5", "L4", "L3", "L2", "L1"], ["S", "L5", "L4", "L3", "T12"], ["L4/L5", "L4", "L3/L4", "L3", "L2/L3"],
  ])
  func namesFromFootToHead(names: [String]) {
    #expect(
      notices(names) == [
        "by their names \(names[4]) is uppermost and \(names[0]) lowest, but in 10 of 10 masks they lie from foot to head; give"
          + " the numbers their names in the masks' order (dataset.labels, or labels in dataset.json), or correct the orientation"
          + " in the headers"
      ])
  }

  @Test func twoNamesThatAreExchanged() {
    #expect(
      notices(["L1", "L3", "L2", "L4", "L5"]) == [
        "by their names the first lies above the second, but the other way round in 10 of 10 masks: L2 and L3; exchange their"
          + " numbers in dataset.labels (labels in dataset.json), or in the masks"
      ])
  }
}

/// Arrays whose axes are not those of their headers.
@Suite struct ExchangedAxesTests {
  static let remedy =
    "array and header do not belong together. Write image and mask anew with the axes of the header (or the header with those of"
    + " the array), or leave the case out by dataset.exclude"

  @Test func rowsForColumns() {
    var spine = SpineFacts()
    spine.facts[2].centres = spine.facts[2].centres?.map { [$0[0], $0[2], $0[1]] }
    spine.facts[2].extent = Extent3(20, 200, 220)
    #expect(
      spine.notices() == [
        "c3: the structures follow each other from front to back, in most masks from head to foot; \(Self.remedy)"
      ])
  }

  /// Slices for rows: nothing else is advised, as of a spacing or a size.
  @Test func slicesForRows() {
    var spine = SpineFacts()
    spine.facts[2].centres = spine.facts[2].centres?.map { [$0[1], $0[0], $0[2]] }
    spine.facts[2].extent = Extent3(220, 20, 200)
    spine.facts[2].structures[1] = StructureVoxels(found: 4000, sliced: 3000, kept: 1000)
    #expect(
      spine.notices() == [
        "c3: the structures follow each other from left to right, in most masks from head to foot; \(Self.remedy)"
      ])
    // A mask of too few structures to follow each other.
    spine.renumber(2, [0, nil, nil, nil, nil])
    #expect(
      spine.notices() == [
        "c3: 220x20x200 voxels (D x H x W) in c3, in most images 20x220x200: the same sides along other axes; \(Self.remedy)"
      ])
  }

  /// The same part of the body, with more slices and fewer rows.
  @Test func anotherScanIsNotTurned() {
    var spine = SpineFacts()
    spine.facts[2].extent = Extent3(220, 20, 200)
    spine.facts[2].voxel = [80.0 / 220, 11, 1]
    #expect(!spine.notices().contains { $0.contains("array and header") })
  }
}

/// Images that are unlike most by their header or by their values.
@Suite struct OddImagesTests {
  @Test func anInvertedImageAmongOthers() {
    var spine = SpineFacts()
    spine.facts[2].skew = -0.5
    #expect(
      spine.notices() == [
        "c3: bright voxels outweigh the others, in most images dark ones, as if the contrast were inverted or the image of"
          + " another kind; put the original image there, or leave it out by dataset.exclude"
      ])
    for place in spine.facts.indices { spine.facts[place].skew = place == 2 ? 0.5 : -0.5 }
    #expect(spine.notices().first?.hasPrefix("c3: dark voxels outweigh the others, in most images bright ones") == true)
    for place in spine.facts.indices { spine.facts[place].skew = place == 2 ? -0.1 : 0.5 }
    #expect(spine.notices().isEmpty)
    for place in spine.facts.indices { spine.facts[place].skew = place % 2 == 0 ? -0.5 : 0.5 }
    #expect(spine.notices().isEmpty)
  }

  @Test func aCTAmongMRI() {
    var spine = SpineFacts()
    spine.facts[2].lowest = -1024
    #expect(
      spine.notices() == [
        "c3: values down to -1024, as CT has, and most images none such; put the image of the others' kind there, or leave it"
          + " out by dataset.exclude"
      ])
    for place in spine.facts.indices { spine.facts[place].lowest = -1024 }
    #expect(spine.notices().isEmpty)
    for place in spine.facts.indices { spine.facts[place].lowest = place == 2 ? -40 : 0 }
    #expect(spine.notices().isEmpty)
  }

  @Test func aHeaderWithoutItsSpacing() {
    var spine = SpineFacts()
    for place in spine.facts.indices { spine.facts[place].voxel = [1, 1, 1] }
    let words = spine.notices()
    #expect(
      words.count == 1
        && words[0].hasSuffix(
          "voxels of 1 x 1 x 1 mm, so that the 20x220x200 of c1 would be a slab of 20 mm: the header seems to have lost its spacing;"
            + " write the scanner's into it")
    )
    for place in spine.facts.indices { spine.facts[place].extent = Extent3(60, 220, 200) }
    #expect(spine.notices().isEmpty)
  }
}
