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

  private static func spine(odd: [(place: Int, value: Double)]) -> SpineFacts {
    var spine = SpineFacts()
    for place in spine.facts.indices { spine.facts[place].unevenness = 0.3 + 0.01 * Double(place % 5) }
    for (place, value) in odd { spine.facts[place].unevenness = value }
    return spine
  }

  /// The axis along which it fits once it is turned round; and nothing else is said of the order of its structures.
  @Test(arguments: [(0, "left to right"), (1, "head to foot"), (2, "front to back")])
  func aMirroredMaskIsTold(axis: Int, words: String) {
    var spine = Self.spine(odd: [(2, 0.64)])
    spine.facts[2].mirroredUnevenness = [0.6, 0.6, 0.6]
    spine.facts[2].mirroredUnevenness?[axis] = 0.3
    // So that the structures lie the other way round too, as their masks do.
    if axis != 1 {
      for place in spine.facts.indices {
        spine.facts[place].centres = spine.facts[place].centres?.enumerated().map { number, centre in
          var centre = centre
          centre[axis] = 0.2 + 0.1 * Double(number)
          return centre
        }
      }
    }
    spine.facts[2].centres = spine.facts[2].centres?.map { centre in
      var centre = centre
      centre[axis] = 1 - centre[axis]
      return centre
    }
    #expect(
      spine.notices() == [
        "c3: mirrored from \(words) beside the image: turned round along this axis the mask lies on what it is of. Mirror the mask's"
          + " array (or the image's, whichever is wrong), or leave the case out by dataset.exclude"
      ])
    spine.facts[2].mirroredUnevenness?[axis] = 0.5
    #expect(!spine.notices().contains { $0.contains("mirrored") })
  }

  @Test func twoMasksInEachOthersPlaceAreNamed() {
    #expect(
      Self.spine(odd: [(2, 0.64), (6, 0.7)]).notices().last?.hasSuffix(
        ". Perhaps the masks of c3 and c7 are exchanged") == true)
    #expect(
      Self.spine(odd: [(2, 0.64), (6, 0.44)]).notices().last?.hasSuffix(
        ". Perhaps the masks of c3 and c7 are exchanged (c7 is 1.3 times as uneven)") == true)
    // Not of images of another size.
    var spine = Self.spine(odd: [(2, 0.64), (6, 0.7)])
    spine.facts[6].extent.width += 1
    #expect(!spine.notices().contains { $0.contains("exchanged") })
  }

  @Test func aChannelOfAnotherPatientIsNamed() {
    var spine = Self.spine(odd: [])
    spine.channels = ["T1", "T2"]
    for place in spine.facts.indices {
      spine.facts[place].further = [
        ChannelFacts(lowest: 0, highest: 9, isBlank: false, skew: 0.5, unevenness: 0.3 + 0.01 * Double(place % 4))
      ]
    }
    #expect(spine.notices().isEmpty)
    spine.facts[4].further?[0].unevenness = 0.74
    #expect(
      spine.notices() == [
        "c5: within the structures channel 1 T2 of c5 is 2.3 times as uneven as in most cases, and its first channel is not, as if it were"
          + " another patient's or had moved; put this case's own image there, registered to the first channel, or leave the case out by"
          + " dataset.exclude"
      ])
  }

  /// The oracle is the same sum over an image that was mirrored by hand.
  @Test func theMirroredUnevennessIsThatOfTheMirroredImage() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    // A mask that is its own mirror image along no axis.
    try small.write("imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz", seed: 11)
    let one = try Dataset.open(small.root).cases[0]
    let check = CaseCheck(labels: SmallDataset.map, preprocessing: SmallDataset.preprocessing)
    let facts = try check.prepare(one, of: DatasetContents(of: one)).get().facts
    let (image, _, mask) = try CaseCheck.readPair(one)
    let classes = mask.grid.values.map { UInt8($0 == 3 ? 2 : $0) }
    let extent = image.grid.extent
    for axis in 0..<3 {
      var turned = image.grid
      for d in 0..<extent.depth {
        for h in 0..<extent.height {
          for w in 0..<extent.width {
            turned[d, h, w] =
              image.grid[
                axis == 0 ? extent.depth - 1 - d : d, axis == 1 ? extent.height - 1 - h : h,
                axis == 2 ? extent.width - 1 - w : w]
          }
        }
      }
      let expected = Grid3(extent, values: classes).unevenness(of: turned, structures: 2)
      #expect(expected != nil && facts.mirroredUnevenness?[axis] == expected)
    }
  }

  /// By numpy: structures [2, 4] and [7, 7, 10] within [0, 2, 4, 7, 7, 10, 30, 1], variances 1 and 2, whole 81.734375.
  @Test func unevennessIsThatOfTheVariances() {
    let image = Grid3<Double>(Extent3(2, 1, 4), values: [0, 2, 4, 7, 7, 10, 30, 1])
    let mask = Grid3<UInt8>(Extent3(2, 1, 4), values: [0, 1, 1, 2, 2, 2, 0, 0])
    #expect(mask.unevenness(of: image, structures: 2) == 0.1355)
    #expect(mask.unevenness(of: Grid3(image.extent, repeating: 3), structures: 2) == nil)
  }
}
