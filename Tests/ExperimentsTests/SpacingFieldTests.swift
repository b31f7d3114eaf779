import Compute
import Foundation
import Models
import Testing
import Volumes

import Experiments

/// `preprocessing.spacing`, `training.patch` and `training.foreground`: what they mean, and what excludes each other.
@Suite struct SpacingFieldTests {
  static let spacing = #""preprocessing":{"spacing":[4,1,1],"crop":"none"}"#

  func mistakes(_ fields: String, _ variants: String = #"[{"name":"A"}]"#) throws -> [String] {
    try ExperimentFolder(["x.json": experiment(fields, variants: variants)]).mistakes()
  }

  @Test func aSpacingWithAPatchIsSound() throws {
    let folder = try ExperimentFolder(["x.json": experiment(Self.spacing + #","training":{"patch":[16,64,48]}"#)])
    let specification = try folder.load()
    #expect(specification.preprocessing == Preprocessing(spacing: [4, 1, 1], crop: .none))
    #expect(specification.training.patch == Extent3(16, 64, 48) && specification.training.foreground == 0.33)
  }

  /// The plan says what decides the run, and no more: neither a size nor what becomes of slices.
  @Test func thePlanHoldsTheSpacingAlone() throws {
    var training = TrainingPlan()
    training.patch = Extent3(16, 64, 48)
    func plan(_ preprocessing: Preprocessing, _ training: TrainingPlan) -> Plan {
      Plan(
        model: ModelConfiguration(SAFNet()), structures: LabelMap(structures: [.init(name: "L1", value: 1)]),
        dataset: DatasetFingerprint(digest: "x", cases: 6), preprocessing: preprocessing, augmentation: nil,
        fold: Fold(number: 1, train: ["a"], validation: ["b"], test: ["c"]), training: training)
    }
    let spaced = plan(Preprocessing(spacing: [4, 1, 1.5], crop: .none), training)
    let text = String(decoding: spaced.canonicalJSON, as: UTF8.self)
    #expect(text.contains(#""preprocessing":{"crop":"none","normalise":"volume","spacing":[4,1,1.5]}"#), "\(text)")
    #expect(text.contains(#""patch":[16,64,48]"#) && !text.contains("foreground"))
    #expect(try Plan(json: spaced.canonicalJSON, file: "plan") == spaced)
    #expect(spaced.inputExtent == Extent3(16, 64, 48))
    training.foreground = 0.5
    let other = plan(spaced.preprocessing, training)
    #expect(other.identity != spaced.identity && other.canonicalJSON.count > spaced.canonicalJSON.count)
    let whole = String(decoding: plan(Preprocessing(), TrainingPlan()).canonicalJSON, as: UTF8.self)
    for field in ["patch", "foreground", "spacing"] { #expect(!whole.contains(field)) }
  }

  @Test func aSizeAndASpacingExcludeEachOther() throws {
    let both = #""preprocessing":{"size":[6,32,16],"spacing":[4,1,1]},"training":{"patch":[6,32,16]}"#
    #expect(
      try mistakes(both) == [
        "x.json:4:25: preprocessing.size: a size for all images, and preprocessing.spacing, by which each has its own,"
          + " exclude each other; take one of the two out (\"size\": null where the file that this one extends has it)"
      ])
    let files = [
      "base.json": experiment(#""preprocessing":{"size":[6,32,16]}"#),
      "x.json":
        #"{"extends":"base.json","name":"y","preprocessing":{"size":null,"spacing":[4,1,1]},"training":{"patch":[6,32,16]}}"#,
    ]
    #expect(try ExperimentFolder(files).mistakes() == [])
  }

  @Test func aSpacingNeedsPatches() throws {
    #expect(
      try mistakes(Self.spacing, #"[{"name":"A","training":{"patch":[6,32,16]}},{"name":"B"}]"#) == [
        "x.json:4:28: preprocessing.spacing: images of a spacing have sizes of their own, and the network of \"B\" is to see"
          + " them whole; write training.patch, the [D, H, W] that it sees at once, or preprocessing.size in place of the"
          + " spacing"
      ])
  }

  @Test func aSpacingIsThreeLengths() throws {
    #expect(
      try mistakes(#""preprocessing":{"spacing":[4,0,1]},"training":{"patch":[6,32,16]}"#) == [
        "x.json:4:31: preprocessing.spacing[1]: found 0, allowed: at least 0.01 and at most 100"
      ])
    #expect(try mistakes(#""preprocessing":{"spacing":[4,1]},"training":{"patch":[6,32,16]}"#).count == 1)
  }

  @Test func depthSaysNothingBesideASpacing() throws {
    let fields =
      #""preprocessing":{"spacing":[4,1,1],"depth":"resample"},"training":{"patch":[6,32,16]}"#
    #expect(
      try mistakes(fields) == [
        "x.json:4:44: preprocessing.depth: depth does nothing with preprocessing.spacing; leave it out, or set it to"
          + " \"padOrCrop\""
      ])
  }

  @Test func aPatchFitsTheSizeAndTheNetwork() throws {
    #expect(
      try mistakes(#""preprocessing":{"size":[6,32,16]},"training":{"patch":[8,32,32]}"#) == [
        "x.json:4:56: training.patch: no image is as large as 8x32x32: the longest sides are 6x32x16; take [6, 32, 16] or"
          + " less"
      ])
    #expect(
      try mistakes(Self.spacing + #","training":{"patch":[6,32,8]}"#) == [
        "x.json:4:71: training.patch: 6x32x8 (D x H x W: slices, rows, columns) is too small for the strides of safnet; take at least 1x16x16"
      ])
    let nnunet = #","model":{"kind":"nnunet","spacing":[4,1,1]},"training":{"patch":[6,33,32]}"#
    #expect(
      try mistakes(Self.spacing + nnunet).map { $0.hasSuffix("rules of nnunet say; take 6x40x32") } == [true])
  }

  /// Where no patch would be taken, it is not a patch that is advised.
  @Test func imagesThatAreTooSmallForAnyPatchAreToldOf() throws {
    let fields = #""preprocessing":{"spacing":[30,100,100]},"training":{"patch":[1,16,16]}"#
    let folder = try ExperimentFolder(["x.json": experiment(fields)])
    func grids(_ extent: Extent3) throws -> ImageGrids { try #require(ImageGrids([.init(name: "a", extent: extent)])) }
    #expect(
      try folder.load().patchConflicts(grids(Extent3(1, 3, 3))).map(\.description) == [
        "x.json:4:28: preprocessing.spacing: at voxels of 30 x 100 x 100 mm the longest sides of the images are 1x3x3, and the strides"
          + " of safnet take 1x16x16 at least, so that no patch fits; take [30, 15, 15] or finer: what the images have is usual"
      ])
    let turned = try folder.load(set: ["preprocessing.spacing=[1,1,3]"]).patchConflicts(grids(Extent3(24, 32, 11)))
    #expect(
      turned.map { $0.description.contains("fits; spacing is [D, H, W], slices first: take [3, 1, 1] or") } == [true])
    // As the advice says: 250 mm is the least that three voxels of 100 mm are.
    let finer = PreprocessingSteps(
      Preprocessing(spacing: [30, 15, 15], crop: .none), for: Extent3(1, 250, 250), spacing: [30, 1, 1])
    #expect(finer.extent == Extent3(1, 17, 17))
    #expect(
      try folder.load(set: ["training.patch=[8,16,16]"]).patchConflicts(grids(Extent3(4, 16, 16))).map(\.description)
        == [
          "--set training.patch=[8,16,16]: training.patch: no image is as large as 8x16x16: the longest sides are 4x16x16; take"
            + " [4, 16, 16] or less"
        ])
    #expect(
      try mistakes(#""preprocessing":{"size":[6,8,32]},"training":{"patch":[6,16,16]}"#) == [
        "x.json:4:25: preprocessing.size: images of 6x8x32 are smaller than the strides of safnet take, 1x16x16 at least, so that no"
          + " patch fits; take [6, 16, 32] or more"
      ])
  }

  /// nnU-Net's layers follow from the spacing, which is then the images'.
  @Test func aNetworkOfAnotherSpacingIsRefused() throws {
    let fields = #""preprocessing":{"spacing":[4,0.5,1]},"training":{"patch":[8,32,32]},"model":{"kind":"nnunet"#
    #expect(
      try mistakes(fields + #""}"#) == [
        "x.json:3:13: variants[0]: the network's layers would follow from 4 x 1 x 1 mm, and preprocessing.spacing makes"
          + " 4 x 0.5 x 1 mm of all images; write that as model.spacing"
      ])
    #expect(try mistakes(fields + #"","spacing":[4,0.5,1]}"#) == [])
  }

  /// Where all images have one size, their spacing is known once they are prepared.
  @Test func aNetworkOfAnotherSpacingThanTheSizeMakesIsNamed() throws {
    let fields = #""preprocessing":{"size":[16,64,48]},"model":{"kind":"nnunet","spacing":[4,1,1]}"#
    let folder = try ExperimentFolder(["x.json": experiment(fields)])
    let specification = try folder.load()
    #expect(
      specification.layerNotices([[4, 2, 2], [4, 2, 2.1], [3.9, 9, 2]]) == [
        "x.json:4:72: model.spacing: the layers follow from [4, 1, 1] mm, and preprocessing.size makes images of [4, 2, 2] mm"
          + " (median); write these as model.spacing"
      ])
    #expect(specification.layerNotices([[4, 1.2, 1], [5, 1, 0.9]]).isEmpty)
    #expect(try ExperimentFolder(["x.json": experiment()]).load().layerNotices([[4, 2, 2]]).isEmpty)
  }

  @Test func foregroundSaysNothingOfWholeImages() throws {
    #expect(
      try mistakes(#""training":{"foreground":0.5}"#) == [
        "x.json:4:26: training.foreground: foreground does nothing with whole images; leave it out, or set it to 0.33"
      ])
  }

  /// With the images of a dataset: one longest side on each axis is enough.
  @Test func aPatchThatNoImageHoldsIsRefusedAndSmallerImagesAreCounted() throws {
    let folder = try ExperimentFolder(["x.json": experiment(Self.spacing + #","training":{"patch":[16,64,48]}"#)])
    let specification = try folder.load()
    func grids(_ extents: [Extent3]) throws -> ImageGrids {
      try #require(
        ImageGrids(extents.enumerated().map { ImageGrids.Image(name: "c\($0)", extent: $1) }))
    }
    let mixed = try grids([Extent3(16, 20, 48), Extent3(3, 64, 99), Extent3(20, 70, 60)])
    #expect(specification.patchConflicts(mixed) == [])
    #expect(
      specification.paddingNotices(mixed) == [
        "training.patch 16x64x48: 2 of 3 images are smaller along some axis and are padded with zeros (c0, c1)"
      ])
    #expect(
      specification.patchConflicts(try grids([Extent3(16, 20, 48), Extent3(12, 60, 99)])).map(\.description) == [
        "x.json:4:71: training.patch: no image is as large as 16x64x48: the longest sides are 16x60x99; take [16, 60, 48]"
          + " or less"
      ])
    #expect(try specification.paddingNotices(grids([Extent3(16, 64, 48)])) == [])
  }

  /// nnU-Net's network takes no 9 slices, which it halves once, nor 200 rows, which it halves five times.
  @Test func aPatchMayBeWhatNNUNetPadsTheLargestImageTo() throws {
    let model = #","model":{"kind":"nnunet","spacing":[4,1,1]}"#
    func conflicts(_ patch: String, _ extent: Extent3) throws -> [String] {
      let fields = Self.spacing + model + #","training":{"patch":\#(patch)}"#
      let specification = try ExperimentFolder(["x.json": experiment(fields)]).load()
      let grids = try #require(ImageGrids([ImageGrids.Image(name: "c", extent: extent)]))
      return specification.patchConflicts(grids).map(\.description)
    }
    #expect(try conflicts("[10,224,128]", Extent3(9, 200, 128)) == [])
    #expect(
      try conflicts("[10,224,128]", Extent3(10, 180, 128)).map { $0.hasSuffix("take [10, 192, 128] or less") } == [true]
    )
    #expect(
      try conflicts("[12,224,128]", Extent3(9, 200, 128)).map { $0.hasSuffix("take [10, 224, 128] or less") } == [true])
  }
}
