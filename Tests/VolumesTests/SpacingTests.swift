import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// See Golden/make_spacing.py.
struct GoldenSpacing: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var shape: Extent3
  var spacing: [Double]
  var target: [Double]
  var crop: Preprocessing.Crop
  var size: Extent3
  var newSpacing: [Double]
  var image: [Double]
  var labels: [UInt8]
  var prepared: [Double]
  var classes: [UInt8]
  var testDescription: String { name }

  var steps: PreprocessingSteps {
    PreprocessingSteps(Preprocessing(spacing: target, crop: crop), for: shape, spacing: SIMD3(spacing))
  }
}

/// Images that are resampled to a spacing, each to a size of its own.
@Suite struct SpacingTests {
  @Test(arguments: golden("spacing", [GoldenSpacing].self))
  func doesWhatSimpleITKDoes(_ known: GoldenSpacing) throws {
    let image = try known.steps.image(Grid3(known.shape, values: known.image), file: "f")
    #expect(image.extent == known.size && known.steps.extent == known.size)
    // One rounding to single precision, and nine decimals in the golden file.
    for (value, wanted) in zip(image.values, known.prepared) {
      #expect(abs(Double(value) - wanted) <= abs(wanted) * 0x1p-24 + 1e-9)
    }
    #expect(image.values.count == known.prepared.count)
    #expect(known.steps.labels(Grid3(known.shape, values: known.labels)).values == known.classes)
    let spacing = known.steps.spacing(of: SIMD3(known.spacing))
    for axis in 0..<3 { #expect(abs(spacing[axis] - known.newSpacing[axis]) < 1e-12) }
  }

  /// Where the new grid is at least as fine as the image, going there and back loses nothing inside the box.
  @Test func restoringUndoesPreparing() {
    let original = Extent3(3, 5, 8)
    let steps = PreprocessingSteps(
      Preprocessing(spacing: [2, 0.7, 0.9], crop: .none), for: original, spacing: SIMD3(4, 1, 1))
    #expect(steps.extent == Extent3(6, 7, 9))
    let labels = Grid3(original, values: (0..<original.count).map { UInt8($0 % 7) })
    #expect(steps.restored(steps.labels(labels)) == labels)
  }

  @Test func aSpacingThatMakesTooManyVoxelsIsRefused() {
    let steps = PreprocessingSteps(
      Preprocessing(spacing: [1, 0.01, 1], crop: .none), for: Extent3(1, 30, 6), spacing: SIMD3(1, 1, 1))
    let error = #expect(throws: DatasetProblem.self) {
      try steps.image(Grid3(Extent3(1, 30, 6), repeating: 1), file: "f")
    }
    #expect(
      error?.description
        == "f: resampled to 1.0 x 0.01 x 1.0 mm it would have 1x3000x6 voxels, more than 2048 along an axis; take a coarser"
        + " preprocessing.spacing, or correct the spacing in its header")
  }

  /// Every image keeps its own grid on the way through the cache, and a header says beforehand which.
  @Test func casesOfManySizesAreKeptAndCounted() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    // 4 slices of 5 x 8 voxels of 0.6 x 1 mm, stored as the others are.
    let shape = [5, 8, 4]
    let geometry = Geometry(
      shape: shape, affine: Affine(rows: [SIMD4(0, 0, 4, 1), SIMD4(0, -1, 0, 2), SIMD4(-0.6, 0, 0, 3)]))
    try small.writeImage("MR/Case2.nii.gz", (0..<160).map { Float($0 % 23) }, geometry: geometry)
    try small.writeLabel(
      "Mask/mask_case2.nii.gz", (0..<160).map { [0, 0, 0, 1, 3, 0, 0, 0][$0 / 5 % 8] }, geometry: geometry)
    let dataset = try Dataset.open(small.root)
    let preprocessing = Preprocessing(spacing: [2, 0.5, 0.5], crop: .none)
    let grids = try #require(ImageGrids(of: dataset, preprocessing, workers: 2))
    let wanted = [Extent3(8, 6, 8), Extent3(8, 6, 16)]
    #expect(grids.images.map(\.extent) == wanted && grids.images.map(\.name) == ["Case1", "Case2"])
    #expect(grids.longest == Extent3(8, 6, 16) && grids.largest == Extent3(8, 6, 16))
    #expect(grids.meanVoxels == (8 * 8 * 6 + 8 * 16 * 6) / 2)
    #expect(grids.meanWindows(of: Extent3(8, 6, 8)) == 2, "1 of the first, 3 of the second")
    #expect(grids.smaller(than: Extent3(8, 6, 9)) == ["Case1"])

    let contents = try DatasetContents(of: dataset, workers: 2)
    let cache = PreparedCache(
      directory: small.folder.file("cache"), fingerprint: "f", labels: SmallDataset.map, preprocessing: preprocessing)
    let summary = try cache.prepare(dataset, contents, workers: 2)
    #expect(ImageGrids(summary) == grids)
    #expect(try wanted == ["Case1", "Case2"].map { try cache.load($0).image.extent })
    // A header holds millimetres in single precision.
    let spacing = try cache.load("Case2").spacing - SIMD3(2, 0.5, 0.5)
    #expect((0..<3).allSatisfy { abs(spacing[$0]) < 1e-6 })
    #expect(cache.readSummary(of: dataset).flatMap { ImageGrids($0) } == grids)
    let fixed = PreparedCache(
      directory: small.folder.file("cache"), fingerprint: "f", labels: SmallDataset.map, preprocessing: Preprocessing())
    #expect(fixed.key != cache.key)
  }

  /// A field of view that no training image has is named in millimetres.
  @Test func aShorterFieldOfViewIsStrange() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    let preprocessing = Preprocessing(spacing: [4, 0.5, 0.5], crop: .none)
    let input = try PredictionInput(small.folder.file("MR/Case1.nii.gz"), preprocessing: preprocessing)
    var facts = CaseFacts(
      name: "a", present: [true], spacing: [4, 0.5, 0.5], imageDigest: "", source: "", extent: Extent3(4, 6, 8),
      structures: [], lowest: 0, highest: 1, isBlank: false)
    facts.grid = Extent3(4, 6, 8)
    #expect(input.strangeness(among: [facts]) == [])
    facts.grid = Extent3(4, 12, 8)
    #expect(
      input.strangeness(among: [facts]) == [
        "Case1.nii.gz is unlike the training images: head to foot the network sees 3.0 mm of it, of the training images 6.0"
          + " to 6.0 mm"
      ])
  }
}
