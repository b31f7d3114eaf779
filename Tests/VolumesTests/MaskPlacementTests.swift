import Compute
import Testing
import Volumes

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
