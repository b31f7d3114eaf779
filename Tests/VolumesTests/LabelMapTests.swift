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
        #"the name "a" is given twice"#, "the value 2 is given twice", "the value 0 is given twice",
      ])
    let many = LabelMap(structures: (1...256).map { Structure(name: "\($0)", value: $0) })
    #expect(many.problems == ["256 structures; at most 255 fit the label type"])
  }

  @Test func survivesJSON() throws {
    let data = try JSONEncoder().encode(LabelMap.mrSpineSeg)
    #expect(try JSONDecoder().decode(LabelMap.self, from: data) == .mrSpineSeg)
  }
}
