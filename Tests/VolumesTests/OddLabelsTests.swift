import Compute
import Testing
import Volumes

/// Numbers and names of structures that were surely not meant.
@Suite struct OddLabelsTests {
  /// Two raters: every other mask is numbered from foot to head.
  @Test func twoOrdersAreTold() {
    var spine = SpineFacts()
    for place in spine.facts.indices where place % 2 == 1 { spine.renumber(place, [4, 3, 2, 1, 0]) }
    #expect(
      spine.notices() == [
        "masks are numbered in two orders: L1 above L5 in 5 masks, c1, c3, c5, c7, c9, and L5 above L1 in 5 masks, c2, c4, c6, c8, c10; renumber those"
          + " of one group, or correct the orientation of their images and masks"
      ])
    // The larger group first, whichever it is.
    spine.renumber(0, [4, 3, 2, 1, 0])
    #expect(
      spine.notices().first?.hasPrefix(
        "masks are numbered in two orders: L5 above L1 in 6 masks, c1, c2, c4, c6, c8 and 1 more, and L1 above L5 in 4 masks, c3, c5, c7, c9;"
      ) == true)
  }

  /// Also where the first mask is of the smaller group.
  @Test func theLargerGroupIsNamedFirst() {
    var spine = SpineFacts()
    for place in 0..<4 { spine.renumber(place, [4, 3, 2, 1, 0]) }
    #expect(
      spine.notices().first?.hasPrefix(
        "masks are numbered in two orders: L1 above L5 in 6 masks, c5, c6, c7, c8, c9 and 1 more, and L5 above L1 in 4 masks, c1, c2,"
          + " c3, c4;") == true)
  }

  /// A few masks that are told one by one are not told as a group too.
  @Test func twoOfTenAreNamedOnce() {
    var spine = SpineFacts()
    for place in 0..<2 { spine.renumber(place, [4, 3, 2, 1, 0]) }
    #expect(
      spine.notices().contains {
        $0.hasPrefix("2 masks, c1, c2: the structures lie from head to foot in the reverse order")
      })
    #expect(!spine.notices().contains { $0.contains("two orders") })
  }

  /// A slip in one mask is that mask's, and numbers of no order are none of two.
  @Test func oneOrderIsNotTwo() {
    var spine = SpineFacts()
    spine.renumber(3, [4, 3, 2, 1, 0])
    #expect(!spine.notices().contains { $0.contains("two orders") })
    for place in spine.facts.indices {
      spine.renumber(place, [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]][place % 3])
    }
    #expect(!spine.notices().contains { $0.contains("two orders") })
  }

  @Test func namesThatDifferInBlanksOnlyAreTold() {
    var spine = SpineFacts()
    spine.names = ["L1", "l1 ", "L3", "L 1", "L5"]
    #expect(
      spine.notices() == [
        "the structures \"L1\" and \"l1 \" and \"L 1\" differ in capitals or blanks only and are learnt as different ones; if they"
          + " are one, write \"L1\": [1, 2, 4] in the labels, else give them names that tell them apart"
      ])
  }

  @Test func aStructureInThePlaceOfBackgroundIsTold() {
    var spine = SpineFacts()
    for place in 0..<2 {
      spine.facts[place].structures[3] = SpineFacts.voxels(600_000)
      // Its centre is the image's.
      spine.facts[place].centres?[3] = [0.5, 0.5, 0.5]
    }
    #expect(
      spine.notices() == [
        "2 masks, c1, c2: L4 fills 68 % of the image or more, as background does; background is 0 in every mask: exchange the two"
          + " numbers in the mask, or write 0 for this one where nothing is drawn"
      ])
    for place in 0..<2 { spine.facts[place].structures[3] = SpineFacts.voxels(430_000) }
    #expect(!spine.notices().contains { $0.contains("as background does") })
  }

  @Test func oneNumberForAllStructuresIsTold() {
    var spine = SpineFacts()
    for place in spine.facts.indices { spine.renumber(place, [0, nil, nil, nil, nil]) }
    #expect(
      spine.notices() == [
        "all 10 masks hold L1 alone, and none L2, L3, L4, L5: if one number stands for all structures there, put masks that tell them"
          + " apart in their place, or learn them as one (in the labels, one name for that number)"
      ])
  }
}
