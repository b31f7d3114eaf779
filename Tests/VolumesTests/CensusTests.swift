import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// What preprocessing leaves of each structure.
@Suite struct CensusTests {
  /// Voxels of a mask of extent 4 x 6 x 8 (D, H, W).
  func mask(_ value: (_ d: Int, _ h: Int, _ w: Int) -> UInt8) -> [UInt8] {
    let axes = SmallDataset.geometry.axes
    var grid = Grid3<UInt8>(Extent3(4, 6, 8), repeating: 0)
    for d in 0..<4 { for h in 0..<6 { for w in 0..<8 { grid[d, h, w] = value(d, h, w) } } }
    return axes.file(from: grid, shape: SmallDataset.shape)
  }

  func census(
    _ masks: [[UInt8]], _ preprocessing: Preprocessing, labels: LabelMap = SmallDataset.map,
    images: (Int) -> [Float] = SmallDataset.imageValues
  ) throws -> DatasetCensus {
    let small = try SmallDataset(mrSpineSeg: Array(1...masks.count))
    for (index, values) in masks.enumerated() {
      try small.writeLabel("Mask/mask_case\(index + 1).nii.gz", values)
      try small.writeImage("MR/Case\(index + 1).nii.gz", images(index))
    }
    let dataset = try Dataset.open(small.root)
    let check = CaseCheck(labels: labels, preprocessing: preprocessing)
    let facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
    return DatasetCensus(dataset, labels: labels, preprocessing: preprocessing, facts: facts)
  }

  @Test func nothingIsSaidWhereNothingIsLost() throws {
    let census = try census(
      [SmallDataset.labelValues, SmallDataset.labelValues(seed: 1)], Preprocessing(size: Extent3(4, 6, 8), crop: .none))
    #expect(census.notices.isEmpty)
    #expect(
      census.lines == [
        "found: 2 images, 2 masks", "taken: 2 cases, 2 structures",
        "kept:  all voxels of 2 structures, but for 1 % at most",
      ])
    #expect(census.structures.map(\.leastKept) == [1, 1])
  }

  /// The crop keeps W 2 ..< 6 of 8: of A a half in the first case and a quarter in the second, of B nothing.
  @Test func theCropsShareIsTold() throws {
    let masks = [[1, 3], [0, 3, 7, 1]].map { columns in
      mask { _, h, w in h == 2 && columns.contains(w) ? 1 : h == 5 && w == 7 ? 3 : 0 }
    }
    let census = try census(masks, Preprocessing(size: Extent3(4, 6, 4)))
    #expect(census.structures.map(\.leastKept) == [0.25, 0])
    #expect(census.structures.map(\.medianKept) == [0.375, 0])
    #expect(census.structures.map(\.masks) == [2, 2] && census.structures.map(\.cases) == [2, 0])
    #expect(census.lines.contains("  A: median 37.5 %, least 25.0 % (Case2)"))
    #expect(
      census.notices == [
        "preprocessing leaves no voxel of B of 2 of 2 masks",
        "labelled voxels are dropped, which no network can find and which count as missed: 75.0 % of all by crop (set preprocessing.crop to \"none\")",
      ])
  }

  /// Two of four slices.
  @Test func theSlicesShareIsTold() throws {
    let census = try census(
      [mask { d, h, w in h == 2 && w == 2 ? 1 : h == 5 && w == 2 && d == 1 ? 3 : 0 }],
      Preprocessing(size: Extent3(2, 6, 8), crop: .none))
    #expect(census.structures.map(\.leastKept) == [0.5, 1])
    #expect(
      census.notices == [
        "labelled voxels are dropped, which no network can find and which count as missed: 40.0 % of all by slices beyond size (set preprocessing.size to"
          + " [4, 6, 8], or depth to \"resample\")"
      ])
  }

  /// H is halved, and nearest neighbour takes rows 1, 3 and 5: a single voxel in row 0 vanishes, a thick label does not.
  @Test func whatResamplingLosesIsTold() throws {
    let census = try census(
      [mask { d, h, w in d == 1 && h == 0 && w == 3 ? 3 : h > 2 && w < 3 ? 1 : 0 }],
      Preprocessing(size: Extent3(4, 3, 8), crop: .none))
    #expect(census.structures.map(\.leastKept) == [1, 0])
    #expect(census.structures.map(\.cases) == [1, 0])
    #expect(census.notices.last?.hasSuffix("% of all by resampling (set a larger preprocessing.size)") == true)
  }

  /// A structure of single voxels of which half is lost has half a share.
  @Test func aShareOfSingleVoxelsIsCounted() throws {
    let census = try census(
      [mask { d, h, w in w == 2 && (d == 0 && h == 0 || d == 3 && h == 5) ? 1 : w == 5 && h == 3 ? 3 : 0 }],
      Preprocessing(size: Extent3(4, 3, 8), crop: .none))
    #expect(census.structures[0].leastKept == 0.5)
  }

  @Test func imagesOfFewVoxelsAreNamed() throws {
    let masks = [SmallDataset.labelValues, SmallDataset.labelValues(seed: 1)]
    // Twice the image, and as small as networks take.
    #expect(try census(masks, Preprocessing(size: Extent3(4, 16, 15), crop: .none)).notices.isEmpty)
    #expect(
      try census(masks, Preprocessing(size: Extent3(4, 17, 15), crop: .none)).notices == [
        "preprocessing.size makes 17 x 15 voxels in plane (H x W), and the largest image has 6 x 8: most of the height is made up between"
          + " its voxels, at the cost of time and memory; [4, 16, 16] keeps all that is there"
      ])
  }

  @Test func structuresOfNoMaskAreNamed() throws {
    var labels = SmallDataset.map
    labels.structures += [.init(name: "C", value: 4), .init(name: "D", value: 5)]
    let census = try census(
      [SmallDataset.labelValues], Preprocessing(size: Extent3(4, 6, 8), crop: .none), labels: labels)
    #expect(census.notices == ["2 structures, C, D: in no mask; take out of dataset.labels what is not there"])
  }

  /// The file that names them is said, where no experiment does.
  @Test func structuresOfADatasetsOwnFileAreToldWithIt() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    try small.writeText("dataset.json", #"{"labels":{"background":0,"A":1,"B":3,"C":4},"file_ending":".nii.gz"}"#)
    let dataset = try Dataset.open(small.root)
    let labels = try #require(dataset.labels)
    let check = CaseCheck(labels: labels, preprocessing: Preprocessing(size: Extent3(4, 6, 8), crop: .none))
    let facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
    let notices = DatasetCensus(dataset, labels: labels, preprocessing: check.preprocessing, facts: facts).notices
    let words = "C: in no mask; take out of \"labels\" in \(small.root.path)/dataset.json what is not there"
    #expect(notices.contains(words), "\(notices)")
  }

  /// [W, H, D], [H, W, D] and, in-plane, [D, W, H].
  @Test(arguments: [
    (Extent3(32, 8, 4), "preprocessing.size[0] is slices, left to right: the images have 4, so 28 of 32 would be"),
    (Extent3(24, 6, 4), "preprocessing.size[0] is slices, left to right: the images have 4, so 20 of 24 would be"),
    (Extent3(4, 4, 16), "preprocessing.size makes voxels of 0.75 x 0.13 mm (H x W) in Case1; size is [D, H, W]"),
  ])
  func aSizeInTheWrongOrderIsToldOf(size: Extent3, words: String) throws {
    let notices = try census([SmallDataset.labelValues], Preprocessing(size: size)).notices
    #expect(notices.contains { $0.hasPrefix(words) }, "\(notices)")
  }

  /// The order that was meant is shown, and nothing is advised that follows from the wrong one.
  @Test func aSizeWithItsSlicesLastIsToldOnce() throws {
    let preprocessing = Preprocessing(size: Extent3(12, 16, 4), crop: .none)
    let notices = try census(
      [mask { d, h, w in d == 1 && h == 0 && w == 3 ? 3 : h > 2 && w < 3 ? 1 : 0 }], preprocessing
    )
    .notices
    #expect(notices.count { $0.hasPrefix("preprocessing.size") } == 1, "\(notices)")
    #expect(notices.contains { $0.hasSuffix("front to back last: write [4, 16, 12] if that is meant") }, "\(notices)")
    #expect(!notices.contains { $0.contains("set a larger preprocessing.size") }, "\(notices)")
  }

  /// Slices that are made up between those that there are, in any order of the axes; what is advised is not warned of.
  @Test(arguments: [
    (Extent3(12, 4, 12), "12 would be made of 4", "[4, 12, 12]"),
    (Extent3(12, 12, 12), "12 would be made of 4", "[4, 12, 12]"),
  ])
  func slicesThatResamplingMakesUpAreToldOf(size: Extent3, words: String, advice: String) throws {
    func slices(_ size: Extent3) throws -> [String] {
      try census([SmallDataset.labelValues], Preprocessing(size: size, crop: .none, depth: .resample)).notices
        .filter { $0.hasPrefix("preprocessing.size[0]") }
    }
    let told = try slices(size)
    #expect(told.count == 1 && told[0].contains("have 4, so \(words); size is"), "\(told)")
    #expect(told.first?.hasSuffix("front to back last: write \(advice) if that is meant") == true, "\(told)")
    #expect(try slices(Extent3(4, 12, 12)).isEmpty)
  }

  /// One value that means "no data" leaves the rest without contrast; a bright spot does not.
  @Test(arguments: [
    (Float(3.4e38), Preprocessing.Normalisation.volume, true), (-32768, .volume, true), (65535, .none, true),
    (400, .volume, false),
  ])
  func extremesThatBlankAnImageAreToldOf(value: Float, normalise: Preprocessing.Normalisation, told: Bool) throws {
    let preprocessing = Preprocessing(size: Extent3(4, 6, 8), crop: .none, normalise: normalise)
    let notices = try census([SmallDataset.labelValues], preprocessing) { seed in
      [value] + SmallDataset.imageValues(seed: seed).dropFirst()
    }.notices
    #expect(notices.contains { $0.contains("leave the rest without contrast") } == told, "\(notices)")
  }

  /// A burnt-in mark leaves some contrast, and only a little; what bright tissue has is none.
  @Test(arguments: [(Float(65535), true), (-32768, true), (600, false)])
  func aFewVoxelsFarBeyondTheOthersAreToldOf(value: Float, told: Bool) throws {
    let extent = (4, 40, 40)
    let count = extent.0 * extent.1 * extent.2
    let grey = (0..<count).map { Double(($0 * 37) % 256) }
    let image = Grid3(Extent3(4, 40, 40), values: (0..<8).map { _ in Double(value) } + grey.dropFirst(8))
    #expect((BurntVoxels.bulk(of: image) != nil) == told)
    #expect(BurntVoxels.bulk(of: Grid3(Extent3(4, 40, 40), values: grey)) == nil)
  }

  /// Neither is the mask called misplaced for it.
  @Test func imagesWithBurntVoxelsAreNamed() {
    var spine = SpineFacts()
    for place in spine.facts.indices { spine.facts[place].unevenness = 0.3 + 0.01 * Double(place % 5) }
    (spine.facts[2].unevenness, spine.facts[2].bulk, spine.facts[2].highest) = (0.64, [0, 254.5], 65535)
    #expect(
      spine.notices() == [
        "c3: a few voxels have values up to 65535 in c3, all others 0 to 254.50, which lose their contrast once normalised; clip them,"
          + " or write in their place what lies around"
      ])
  }

  @Test func otherNamesForTheSameNumbersAreToldOf() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    let dataset = try Dataset.open(small.root)
    let labels = LabelMap(structures: [.init(name: "S", value: 1), .init(name: "B", value: 3)])
    let notices = DatasetCensus(dataset, labels: labels, preprocessing: Preprocessing(), facts: []).notices
    #expect(
      notices == [
        "\(small.root.path)/dataset.json names its structures A; here the same numbers are called S. Set dataset.labels"
          + " to \"dataset.json\" to take its names"
      ])
    #expect(
      DatasetCensus(dataset, labels: SmallDataset.map, preprocessing: Preprocessing(), facts: []).notices.isEmpty)
  }

  @Test func whatIsNotLearntIsCountedByNumber() throws {
    let map = LabelMap(structures: [.init(name: "A", value: 1)], background: [0, 3])
    let masks = [SmallDataset.labelValues, SmallDataset.labelValues.map { $0 == 3 ? 0 : $0 }]
    let whole = Preprocessing(size: Extent3(4, 6, 8), crop: .none)
    let census = try census(masks, whole, labels: map)
    #expect(census.apart.map(\.number) == [3] && census.apart.map(\.masks) == [1])
    #expect(census.lines.contains("not learnt: L4 (3), 24 voxels of 1 mask: background"))
    #expect(!census.text.contains("dataset.labels does not name"), "it is named as background")
    let ignoring = LabelMap(structures: [.init(name: "A", value: 1)], ignore: 3)
    #expect(
      try self.census(masks, whole, labels: ignoring).lines.contains(
        "ignored: L4 (3), 24 voxels of 1 mask: no loss and no score there"))
  }

  /// A second number of a structure is warned of; a number that is only left out or ignored is noted with the others.
  @Test func numbersOfNoMaskAreNamed() throws {
    let whole = Preprocessing(size: Extent3(4, 6, 8), crop: .none)
    let masks = [SmallDataset.labelValues, SmallDataset.labelValues(seed: 1)]
    var labels = LabelMap(structures: [.init(name: "A", value: 1), .init(name: "B", value: 3, others: [50])])
    #expect(
      try census(masks, whole, labels: labels).notices == [
        "in no mask: the number 50 of B; correct it in dataset.labels, or take it out"
      ])
    labels.structures = [.init(name: "AB", value: 3, others: [1, 50, 51]), .init(name: "C", value: 60, others: [61])]
    #expect(
      try census(masks, whole, labels: labels).notices == [
        "C: in no mask; take out of dataset.labels what is not there",
        "in no mask: the numbers 50, 51 of AB; correct them in dataset.labels, or take them out",
      ])
    labels = LabelMap(structures: [.init(name: "AB", value: 3, others: [1])], background: [0, 70], ignore: 71)
    var sound = try census(masks, whole, labels: labels)
    #expect(
      sound.notices.isEmpty
        && sound.lines.suffix(2) == [
          "not learnt: label 70, in no mask; correct the number in the labels, or take it out",
          "ignored: label 71, in no mask; correct the number in the labels, or take it out",
        ])
    sound.leaveToTest()
    #expect(sound.apart.map(\.number) == [71])
  }

  /// Caches of programs that did not count say nothing, of one case of several either: its mask may hold the numbers.
  @Test func numbersThatNobodyCountedAreNotNamed() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    let dataset = try Dataset.open(small.root)
    let labels = LabelMap(
      structures: [.init(name: "A", value: 1), .init(name: "B", value: 3, others: [50])], background: [0, 70],
      ignore: 71)
    let check = CaseCheck(labels: labels, preprocessing: Preprocessing(size: Extent3(4, 6, 8), crop: .none))
    var facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
    func census(_ labels: LabelMap) -> DatasetCensus {
      DatasetCensus(dataset, labels: labels, preprocessing: check.preprocessing, facts: facts)
    }
    #expect(census(labels).notices.count == 1 && census(labels).apart.count == 2)
    (facts[0].merged, facts[0].maskDigest) = (nil, nil)
    #expect(census(labels).notices.isEmpty && census(labels).apart.isEmpty)
  }

  @Test func whatMRSpineSegLeavesOutIsNotNamed() throws {
    let census = try census(
      [SmallDataset.labelValues], Preprocessing(size: Extent3(4, 6, 8), crop: .none), labels: .mrSpineSeg)
    #expect(census.apart.isEmpty && census.structures.count == 17)
  }

  /// MRSpineSeg's layout around masks of one's own numbers.
  @Test func namesThatNobodyGaveAreSaidToBeTaken() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    let dataset = try Dataset.open(small.root)
    let check = CaseCheck(labels: .mrSpineSeg, preprocessing: Preprocessing(size: Extent3(4, 6, 8), crop: .none))
    let facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
    func notices(isAssumed: Bool) -> [String] {
      DatasetCensus(
        dataset, labels: .mrSpineSeg, isAssumed: isAssumed, preprocessing: check.preprocessing, facts: facts
      ).notices
    }
    let list = "15 structures, L5, L3, L2, L1, T12 and 10 more: in no mask; "
    #expect(
      notices(isAssumed: true) == [
        list
          + "dataset.labels is not given, so that the numbers were given MRSpineSeg's names: 1 is S, 3 is L4. If they are these,"
          + " write \"labels\": {\"S\": 1, \"L4\": 3} below dataset in the experiment; else the same with your own names"
      ])
    #expect(
      notices(isAssumed: false) == [
        list + "write as dataset.labels an object of the names and numbers that are there"
      ])
  }
}
