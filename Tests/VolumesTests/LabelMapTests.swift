import Compute
import Foundation
import Testing
import Volumes

@Suite struct LabelMapTests {
  /// The challenge's numbers, from its own list.
  @Test func mrSpineSegHasTheChallengesNumbers() {
    let map = LabelMap.mrSpineSeg
    #expect(map.classes == 18)
    let wanted = [
      "S": 1, "L5": 2, "L4": 3, "L3": 4, "L2": 5, "L1": 6, "T12": 7, "T11": 8, "T10": 9, "L5/S": 11, "L4/L5": 12,
      "L3/L4": 13, "L2/L3": 14, "L1/L2": 15, "T12/L1": 16, "T11/T12": 17, "T10/T11": 18,
    ]
    #expect(Dictionary(uniqueKeysWithValues: map.structures.map { ($0.name, $0.value) }) == wanted)
    let classes: [Int?] = [0, 1, 9, 11, 18].map { map[$0] }
    #expect(classes == [0, 1, 9, 10, 17])
    #expect(map[10] == 0 && map[19] == 0, "T9 and T9/T10 count as background")
    #expect(map[20] == nil && map[-1] == nil)
    #expect(map.problems.isEmpty)
  }

  @Test func namesWhatIsWrong() {
    typealias Structure = LabelMap.Structure
    #expect(LabelMap(structures: []).problems == ["no structure is named"])
    let twice = LabelMap(structures: [
      Structure(name: "a", value: 1), Structure(name: "a", value: 2), Structure(name: "b", value: 2),
      Structure(name: "c", value: 0),
    ])
    #expect(
      twice.problems == [
        #"the name "a" is given twice"#,
        #"the value 2 is given twice, to "a" and "b"; give each the number that the masks hold for it, or write one name for both"#,
        #"the value 0 is given twice, to "c" and background; leave it to one of them"#,
      ])
    let many = LabelMap(structures: (1...256).map { Structure(name: "\($0)", value: $0) })
    #expect(many.problems == ["256 structures; at most 255 fit the label type"])
  }

  @Test func survivesJSON() throws {
    let data = try JSONEncoder().encode(LabelMap.mrSpineSeg)
    #expect(try JSONDecoder().decode(LabelMap.self, from: data) == .mrSpineSeg)
  }

  /// Keys of caches and identities of plans are made of this text.
  @Test func aMapWithoutMergedStructuresIsStoredAsEver() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let plain = LabelMap(structures: [.init(name: "a", value: 4)])
    #expect(
      String(decoding: try encoder.encode(plain), as: UTF8.self)
        == #"{"background":[0],"structures":[{"name":"a","value":4}]}"#)
    let merged = LabelMap(structures: [.init(name: "a", value: 4, others: [7, 2])], ignore: 9)
    let data = try encoder.encode(merged)
    #expect(
      String(decoding: data, as: UTF8.self)
        == #"{"background":[0],"ignore":9,"structures":[{"name":"a","others":[2,7],"value":4}]}"#)
    #expect(try JSONDecoder().decode(LabelMap.self, from: data) == merged)
  }

  @Test func aMergedStructureIsTheUnionOfItsNumbers() {
    let map = LabelMap(
      structures: [.init(name: "V", value: 3, others: [1, 2]), .init(name: "S", value: 6)], background: [0, 7],
      ignore: 9)
    let classes: [Int?] = [0, 1, 2, 3, 6, 7].map { map[$0] }
    #expect(classes == [0, 1, 1, 1, 2, 0] && map[9] == nil && map[4] == nil)
    #expect(map.label(of: 9) == ignoredLabel && map.label(of: 2) == 1 && map.label(of: 4) == nil)
    #expect(map.problems.isEmpty && map.numbers.sorted() == [0, 1, 2, 3, 6, 7, 9])
    let wide = map.leavingOut([4, 3, 7])
    #expect(wide.background == [0, 7, 4] && wide.learns(as: map) && !map.learns(as: wide))
  }

  @Test func structuresThatOverlapAreNamed() {
    let map = LabelMap(structures: [
      .init(name: "whole", value: 1, others: [2, 3]), .init(name: "core", value: 2, others: [3]),
      .init(name: "S", value: 6), .init(name: "T", value: 6),
    ])
    #expect(map.problems.count == 2)
    #expect(map.problems.first?.hasPrefix(#""whole" and "core" overlap: both take 2, 3,"#) == true)
    #expect(map.problems.last?.hasPrefix(#"the value 6 is given twice, to "S" and "T"; give each the number"#) == true)
    // Every pair on a line of its own would bury what else is wrong.
    let regions = LabelMap(structures: (1...8).map { .init(name: "r\($0)", value: 1, others: [$0 + 1]) })
    #expect(
      regions.problems == [
        #"28 pairs of structures overlap, and a voxel is learnt as one structure only: "r1" and "r2" (both take 1), "r1" and "r3""#
          + #" (both take 1), "r2" and "r3" (both take 1), "r1" and "r4" (both take 1), "r2" and "r4" (both take 1) and 23 more;"#
          + " leave each number to one of them, or learn them in several experiments, each with its own dataset.labels"
      ])
    let many = LabelMap(structures: (1...255).map { .init(name: "\($0)", value: $0) }, ignore: 300)
    #expect(many.problems == ["255 structures; at most 254 fit the label type beside the ignored voxels"])
  }
}
