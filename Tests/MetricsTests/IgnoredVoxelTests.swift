import Compute
import Metrics
import Testing

/// Voxels of the truth that nobody has annotated.
@Suite struct IgnoredVoxelTests {
  static let extent = Extent3(3, 4, 5)

  /// Truth and prediction in classes 0 ... 2, and where the truth is not known.
  static func maps() -> (prediction: Grid3<UInt8>, truth: Grid3<UInt8>, unknown: [Bool]) {
    var stream = RandomStream(seed: 7, purpose: .test)
    func draw() -> UInt8 { UInt8(stream.nextUniform() * 3) }
    let values = (0..<extent.count).map { _ in (draw(), draw(), stream.nextUniform() < 0.3) }
    return (
      Grid3(extent, values: values.map(\.0)), Grid3(extent, values: values.map(\.1)), values.map(\.2)
    )
  }

  static func ignoring(_ truth: Grid3<UInt8>, _ unknown: [Bool]) -> Grid3<UInt8> {
    Grid3(extent, values: zip(truth.values, unknown).map { $1 ? ignoredLabel : $0 })
  }

  static func masked(_ map: Grid3<UInt8>, _ unknown: [Bool]) -> Grid3<UInt8> {
    Grid3(extent, values: zip(map.values, unknown).map { $1 ? 0 : $0 })
  }

  @Test func noOverlapCountsThem() {
    let (prediction, truth, unknown) = Self.maps()
    let overlap = Overlap(prediction: prediction, truth: Self.ignoring(truth, unknown), classes: 3)
    for t in 0..<3 {
      for p in 0..<3 {
        let count = (0..<Self.extent.count).count {
          !unknown[$0] && Int(truth.values[$0]) == t && Int(prediction.values[$0]) == p
        }
        #expect(overlap.confusion[t * 3 + p] == count)
      }
    }
  }

  /// Surfaces and centroids are those of both maps with background there; Dice and counts too, but for the background's.
  @Test func scoresAreThoseOfTheKnownPart() {
    let (prediction, truth, unknown) = Self.maps()
    let spacing = SIMD3(4.4, 0.35, 0.7)
    let scores = evaluate(
      name: "a", prediction: prediction, truth: Self.ignoring(truth, unknown), classes: 3, spacing: spacing)
    var known = evaluate(
      name: "a", prediction: Self.masked(prediction, unknown), truth: Self.masked(truth, unknown), classes: 3,
      spacing: spacing)
    #expect(known.confusion[0] - scores.confusion[0] == unknown.count { $0 })
    known.confusion[0] = scores.confusion[0]
    #expect(scores == known)
  }

  /// Beside 255 structures the byte 255 is a class of its own.
  @Test func ofTwoHundredAndFiftySixClassesNoneIsIgnored() {
    let grid = Grid3<UInt8>(Self.extent, repeating: 255)
    #expect(Overlap(prediction: grid, truth: grid, classes: 256).common[255] == Self.extent.count)
  }
}
