import Compute
import Testing
import Volumes

/// Sizes that do not suit the images.
@Suite struct SizeNoticeTests {
  /// - Parameter images: how wide they are.
  private static func notices(
    _ depth: Int, _ height: Int, _ width: Int, crop: Preprocessing.Crop = .none, images: Int = 200
  ) -> [String] {
    var spine = SpineFacts()
    spine.preprocessing = Preprocessing(size: Extent3(depth, height, width), crop: crop)
    for place in spine.facts.indices {
      // Half of the width that is kept.
      let kept = crop == .none ? 1.0 : 0.5
      spine.facts[place].spacing = [4, 220 / Double(height), Double(images) * kept / Double(width)]
      spine.facts[place].extent.width = images
    }
    return spine.notices()
  }

  @Test func twiceTheImagesIsTold() {
    #expect(
      Self.notices(20, 440, 400) == [
        "preprocessing.size makes 440 x 400 voxels in plane (H x W), and the largest image has 220 x 200: most of the height and width is made"
          + " up between its voxels, at the cost of time and memory; [20, 224, 208] keeps all that is there"
      ])
    #expect(
      Self.notices(20, 440, 200, crop: .halfWidth) == [
        "preprocessing.size makes 440 x 200 voxels in plane (H x W), and the largest image has 220 x 200, of whose width the middle half is"
          + " kept: most of the height and width is made up between its voxels, at the cost of time and memory; [20, 224, 112] keeps all"
          + " that is there"
      ])
    #expect(Self.notices(20, 256, 128, crop: .halfWidth).isEmpty)
    #expect(Self.notices(20, 400, 370).isEmpty)
    // As small as networks take, though twice the image: nothing smaller can be advised.
    #expect(!Self.notices(20, 220, 16, images: 8).contains { $0.contains("keeps all") })
  }

  /// As of a size: voxels that are made up between those of the finest image.
  @Test(arguments: [
    (
      [0.3, 0.1, 0.1],
      "preprocessing.spacing makes voxels of 0.3 x 0.1 x 0.1 mm (D x H x W), and the finest of the images are 4 x 1 x 1 mm: most of the"
        + " slices, height and width is made up between them, at the cost of time and memory; [4, 1, 1] keeps all that is there"
    ),
    (
      [4, 0.5, 0.5],
      "preprocessing.spacing makes voxels of 4 x 0.5 x 0.5 mm (D x H x W), and the finest of the images are 4 x 1 x 1 mm: most of the"
        + " height and width is made up between them, at the cost of time and memory; [4, 1, 1] keeps all that is there"
    ),
    ([4, 1, 1], nil), ([1, 1, 1], nil), ([1, 0.8, 0.8], nil), ([4, 0.6, 0.6], nil), ([8, 2, 2], nil),
  ]) func aSpacingFinerThanTheImagesIsTold(spacing: [Double], words: String?) {
    #expect(Self.notices(spacing: spacing) == (words.map { [$0] } ?? []))
  }

  /// Of thick slices many thin ones, though neither height nor width is twice the images'.
  @Test func manyVoxelsThatAreMadeOfOneAreTold() {
    let words =
      "preprocessing.spacing makes voxels of 1 x 0.6 x 0.6 mm (D x H x W), and the finest of the images are 4 x 1 x 1 mm: most of the"
      + " slices is made up between them, at the cost of time and memory; [4, 0.6, 0.6] keeps all that is there"
    #expect(Self.notices(spacing: [1, 0.6, 0.6]) == [words])
  }

  private static func notices(spacing: [Double]) -> [String] {
    var spine = SpineFacts()
    spine.preprocessing = Preprocessing(spacing: spacing, crop: .none)
    for place in spine.facts.indices {
      spine.facts[place].spacing = spacing
      if place > 0 { spine.facts[place].voxel = [4.4, 1.2, 1.1] }
    }
    return spine.notices().filter { $0.hasPrefix("preprocessing") }
  }

  /// By those who read no image, as of a size in another order.
  @Test func headersAloneTellOfASpacingTooFine() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    let dataset = try Dataset.open(small.root)
    func notices(_ spacing: [Double]) -> [String] {
      DatasetCensus.axisNotices(of: dataset, Preprocessing(spacing: spacing, crop: .none), workers: 1)
    }
    let words = notices([4, 0.25, 0.25])
    let start = "preprocessing.spacing makes voxels of 4 x 0.25 x 0.25 mm (D x H x W), and the finest of the images"
    #expect(words.count == 1 && words[0].hasPrefix(start), "\(words)")
    #expect(notices([4, 0.5, 0.5]).isEmpty)
  }

  /// [D, W, H]: told as that, and not as a size that is too large.
  @Test func heightForWidthIsTold() {
    // The last makes voxels 2.2 times as high as wide.
    for (height, width, crop, images) in [
      (112, 224, Preprocessing.Crop.halfWidth, 200), (128, 256, .halfWidth, 200), (160, 240, .none, 147),
    ] {
      let words = Self.notices(20, height, width, crop: crop, images: images)
      let end = "size is [D, H, W], head to foot before front to back: write [20, \(width), \(height)] if that is meant"
      #expect(words.count == 1 && words[0].hasSuffix(end), "\(words)")
    }
    #expect(Self.notices(20, 224, 160).isEmpty)
    #expect(Self.notices(20, 224, 320, crop: .none).isEmpty)
  }

  /// More slices than twice the images', in whatever order the numbers stand: the size that is advised is right in plane too.
  @Test func tooManySlicesAreAdvisedWithThePlaneThatIsMeant() {
    let words = Self.notices(60, 112, 224, crop: .halfWidth).filter { $0.hasPrefix("preprocessing.size[0] is slices") }
    let end = "front to back last: write [20, 224, 112] if that is meant"
    #expect(words.count == 1 && words[0].hasSuffix(end), "\(words)")
  }

  /// In another order, and of more voxels than the images have: what is advised is not warned of.
  @Test(arguments: [(500, 900, 20), (900, 500, 20), (60, 440, 400)])
  func oneSizeIsAdvisedOfAnOrderAndOfTooManyVoxels(depth: Int, height: Int, width: Int) {
    let words = Self.notices(depth, height, width).filter { $0.hasPrefix("preprocessing.size[0] is slices") }
    #expect(
      words.count == 1 && words[0].hasSuffix("front to back last: write [20, 224, 208] if that is meant"), "\(words)")
    #expect(Self.notices(20, 224, 208).isEmpty)
  }

  /// No exchange would do: as many voxels, as high as wide.
  @Test func aPlaneThatIsNotExchangedIsAdvisedInOtherShares() {
    let words = Self.notices(20, 220, 32)
    #expect(words.count == 1 && words[0].hasSuffix(": write [20, 96, 80] if that is meant"), "\(words)")
    #expect(Self.notices(20, 96, 80).isEmpty)
  }

  /// Slices are the coarsest.
  @Test func aSpacingInAnotherOrderIsAdvised() {
    var spine = SpineFacts()
    spine.preprocessing = Preprocessing(spacing: [1, 1, 4.25], crop: .none)
    for place in spine.facts.indices { spine.facts[place].spacing = [1, 1, 4.25] }
    let words = spine.notices().filter { $0.hasPrefix("preprocessing.spacing") }
    #expect(words.count == 1 && words[0].hasSuffix(": write [4.25, 1, 1] if that is meant"), "\(words)")
  }

  /// Height and width exchanged, and slices dropped that hold labels: one size that is right along all axes.
  @Test func oneSizeIsAdvisedOfAllThatIsWrong() {
    var spine = SpineFacts()
    spine.preprocessing = Preprocessing(size: Extent3(18, 112, 224), crop: .halfWidth)
    for place in spine.facts.indices {
      spine.facts[place].spacing = [80 / 18, 220 / 112, 100 / 224]
      spine.facts[place].structures = spine.facts[place].structures.map {
        StructureVoxels(found: $0.found, sliced: $0.found / 10, kept: $0.found - $0.found / 10)
      }
    }
    let notices = spine.notices()
    let sizes = notices.flatMap { $0.matches(of: /\[[0-9]+, [0-9]+, [0-9]+\]/).map { String($0.output) } }
    #expect(sizes == ["[20, 224, 112]", "[20, 224, 112]"], "\(notices)")
    #expect(
      notices.contains { $0.hasSuffix("head to foot before front to back: write [20, 224, 112] if that is meant") })
  }
}
