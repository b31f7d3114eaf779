import Testing
import Volumes

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
    ["vertebra_C3", "vertebra_C4", "vertebra_C5", "vertebra_C6", "vertebra_C7"], ["C6", "C7", "T1", "T2", "T3"],
    // No levels, or too few of them.
    ["spine", "canal", "cord", "discs", "csf"], ["L2", "L1", "cord", "canal", "csf"], ["5", "4", "3", "2", "1"],
    ["T2 lesion", "T1 lesion", "A", "B", "C"],
  ])
  func namesThatFollowTheBody(names: [String]) { #expect(notices(names).isEmpty) }

  @Test(arguments: [
    ["L5", "L4", "L3", "L2", "L1"], ["S", "L5", "L4", "L3", "T12"], ["L4/L5", "L4", "L3/L4", "L3", "L2/L3"],
    ["T2", "T1", "C7", "C6", "C5"],
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

  /// Where masks are few, or many of them have it: what is told by most masks' order is not told again.
  @Test(arguments: [(3, [1]), (4, [0]), (10, [1, 4, 7]), (10, [0, 2, 4, 6])])
  func levelsThatAreExchangedInSomeMasks(count: Int, places: [Int]) {
    var spine = SpineFacts(count)
    for place in places { spine.renumber(place, [0, 1, 3, 2, 4]) }
    let list = places.map { "c\($0 + 1)" }.joined(separator: ", ")
    #expect(
      spine.notices() == [
        "\(places.count > 1 ? "\(places.count) masks, " : "")\(list): by its name L3 lies above L4, as in"
          + " \(count - places.count) other masks, and here below it; exchange the two numbers in the mask, or leave the case"
          + " out by dataset.exclude"
      ])
    spine.names = ["canal", "cord", "csf", "fat", "muscle"]
    #expect(!spine.notices().contains { $0.contains("by its name") })
  }

  /// A spine that bends, and a few voxels astray, are no exchanged numbers.
  @Test func levelsThatOnlySeemExchanged() {
    var spine = SpineFacts(4)
    let centre = spine.facts[0].centres?[2][1] ?? 0
    spine.facts[0].centres?[3][1] = centre - 0.02
    #expect(!spine.notices().contains { $0.contains("by its name") }, "\(spine.notices())")
    spine.facts[0].centres?[3][1] = centre - 0.1
    spine.facts[0].structures[3] = SpineFacts.voxels(40)
    #expect(!spine.notices().contains { $0.contains("by its name") }, "\(spine.notices())")
  }
}
