import Compute
import Foundation
import Testing
import Volumes

/// Images that are one but for noise, scale, type or a mirror.
@Suite struct NearCopiesTests {
  private static let extent = Extent3(7, 30, 26)

  /// A smooth picture, another one for each seed, with noise of its own.
  private static func picture(_ seed: Int, noise: Int = 0, _ change: (Double) -> Double = { $0 }) -> Grid3<Double> {
    var stream = RandomStream(seed: UInt64(seed), purpose: .test)
    let waves = (0..<12).map { _ in (0..<4).map { _ in Double(stream.nextUniform()) } }
    var grain = RandomStream(seed: UInt64(1000 + noise), purpose: .test)
    var values: [Double] = []
    for d in 0..<extent.depth {
      for h in 0..<extent.height {
        for w in 0..<extent.width {
          let smooth = waves.reduce(0.0) { sum, wave in
            sum + sin(wave[0] * Double(d) + wave[1] * Double(h) + wave[2] * Double(w) + 6 * wave[3])
          }
          values.append(change(100 + 20 * smooth + 2 * Double(grain.nextUniform())))
        }
      }
    }
    return Grid3(extent, values: values)
  }

  private static func mirrored(_ image: Grid3<Double>, _ axes: [Int]) -> Grid3<Double> {
    var result = image
    let sides = [image.extent.depth, image.extent.height, image.extent.width]
    for d in 0..<sides[0] {
      for h in 0..<sides[1] {
        for w in 0..<sides[2] {
          let place = [d, h, w].enumerated().map { axes.contains($0) ? sides[$0] - 1 - $1 : $1 }
          result[d, h, w] = image[place[0], place[1], place[2]]
        }
      }
    }
    return result
  }

  private static func told(_ first: Grid3<Double>, _ second: Grid3<Double>) -> [String] {
    var spine = SpineFacts()
    for place in spine.facts.indices { spine.facts[place].pattern = ImagePattern(picture(place)) }
    spine.facts[3].pattern = ImagePattern(first)
    spine.facts[8].pattern = ImagePattern(second)
    return spine.notices()
  }

  private static let words =
    "nearly one picture under two names (the noise, scale, type or gamma of its values differ, or it is mirrored or cropped): c4 and c9. In two parts of a"
    + " fold they make scores too good: leave one out by dataset.exclude, or name the patient of both in a table (dataset.groups)"

  @Test func noiseScaleAndTypeMakeNoOtherPicture() {
    let image = Self.picture(77)
    #expect(Self.told(image, Self.picture(77, noise: 1)) == [Self.words])
    #expect(Self.told(image, Self.picture(77) { 3.7 * $0 - 900 }) == [Self.words])
    #expect(Self.told(image, Self.picture(77) { ($0 / 4).rounded() }) == [Self.words])
    #expect(Self.told(image, Self.picture(78)).isEmpty)
  }

  @Test(arguments: [[0], [1], [2], [0, 1, 2]])
  func neitherDoesAMirror(axes: [Int]) {
    #expect(Self.told(Self.picture(77), Self.mirrored(Self.picture(77, noise: 1), axes)) == [Self.words])
  }

  /// Rows of noise on a smooth picture, wide enough for stretches.
  private static func scan(_ seed: Int) -> Grid3<Double> {
    let (extent, smooth) = (Extent3(4, 24, 160), picture(seed))
    var grain = RandomStream(seed: UInt64(500 + seed), purpose: .test)
    let values = (0..<extent.count).map { index in
      smooth.values[index % smooth.values.count] + 30 * Double(grain.nextUniform())
    }
    return Grid3(extent, values: values)
  }

  private static func cropped(_ image: Grid3<Double>, rows: Range<Int>, columns: Range<Int>) -> Grid3<Double> {
    var result = Grid3(Extent3(image.extent.depth, rows.count, columns.count), repeating: 0.0)
    for d in 0..<image.extent.depth {
      for h in rows { for w in columns { result[d, h - rows.lowerBound, w - columns.lowerBound] = image[d, h, w] } }
    }
    return result
  }

  private static func toldByOrder(_ first: Grid3<Double>, _ second: Grid3<Double>) -> [String] {
    var spine = SpineFacts()
    for place in spine.facts.indices { spine.facts[place].order = VoxelOrder(scan(place)) }
    spine.facts[3].order = VoxelOrder(first)
    spine.facts[8].order = VoxelOrder(second)
    return spine.notices()
  }

  @Test(arguments: [0.4, 0.7, 1.5, 2.5]) func gammaMakesNoOtherPicture(gamma: Double) {
    let image = Self.scan(77)
    let changed = Grid3(image.extent, values: image.values.map { 1000 * pow(max($0, 0) / 300, gamma) })
    #expect(Self.toldByOrder(image, changed) == [Self.words])
    #expect(Self.toldByOrder(image, Self.scan(78)).isEmpty)
  }

  /// Four tenths of each row and a third of the rows are cut off; and the rest is mirrored, and brighter.
  @Test func neitherDoesACrop() {
    let image = Self.scan(77)
    let part = Self.cropped(image, rows: 8..<24, columns: 64..<160)
    #expect(Self.toldByOrder(image, part) == [Self.words])
    let mirrored = Self.mirrored(part, [0, 1, 2])
    #expect(
      Self.toldByOrder(image, Grid3(part.extent, values: mirrored.values.map { pow(max($0, 0), 1.3) })) == [Self.words])
  }

  /// Two neighbours that are equal have no order: nothing is made of blank rows.
  @Test func blankRowsHaveNoOrder() throws {
    #expect(VoxelOrder(Grid3(Extent3(9, 9, 200), repeating: 1.0)) == nil)
    let order = try #require(VoxelOrder(Self.scan(5)))
    #expect(order.hashes == order.hashes.sorted() && Set(order.hashes).count == 64)
    #expect(try JSONDecoder().decode([VoxelOrder].self, from: JSONEncoder().encode([order])) == [order])
  }

  /// Of a test set, with cases of the same names.
  @Test func aTestSetIsComparedWithTheCases() {
    func set(_ seeds: Int, _ source: String) -> [CaseFacts] {
      var facts = SpineFacts().facts
      for place in facts.indices {
        facts[place].source = "\(source)\(place)"
        facts[place].imageDigest = "\(source)\(place)"
        facts[place].order = VoxelOrder(Self.scan(seeds + place))
      }
      return facts
    }
    var (own, tests) = (set(0, "own"), set(100, "test"))
    #expect(NearCopies.notices(ofTests: tests, among: own).isEmpty)
    tests[2].order = VoxelOrder(Self.cropped(Self.scan(4), rows: 0..<20, columns: 30..<160))
    // Two of the own ones are a matter of folds.
    own[8].order = own[9].order
    #expect(
      NearCopies.notices(ofTests: tests, among: own) == [
        "images of the test set are nearly images of the experiment's own cases (the noise, scale, type or gamma of its values"
          + " differ, or it is mirrored or cropped): c3 and c5. They make scores too good: take them out of the one or the other"
      ])
  }

  /// Of one patient they stay in one part of a fold; and the very same picture is a problem, not a notice.
  @Test func whatIsKnownIsNotTold() {
    var spine = SpineFacts()
    for place in spine.facts.indices { spine.facts[place].pattern = ImagePattern(Self.picture(place)) }
    spine.facts[8].pattern = spine.facts[3].pattern
    spine.facts[8].imageDigest = spine.facts[3].imageDigest
    #expect(spine.notices().isEmpty)
    spine.facts[8].imageDigest = "another"
    #expect(spine.notices() == [Self.words])
    spine.patients = ["c4": "p", "c9": "p"]
    #expect(!spine.notices().contains { $0.contains("nearly one picture") })
  }

  @Test func theyAreFoundAmongThousands() {
    var spine = SpineFacts(1500)
    for place in spine.facts.indices {
      var stream = RandomStream(seed: UInt64(place), purpose: .test)
      let values = (0..<256).map { _ in Double(stream.nextUniform()) }
      spine.facts[place].pattern = ImagePattern(Grid3(Extent3(4, 8, 8), values: values))
    }
    var copy = (0..<256).map { _ in 0.0 }
    var (stream, noise) = (
      RandomStream(seed: 3, purpose: .test), RandomStream(seed: 9999, purpose: .test)
    )
    for index in copy.indices { copy[index] = 5 * Double(stream.nextUniform()) + 0.1 * Double(noise.nextUniform()) }
    spine.facts[8].pattern = ImagePattern(Grid3(Extent3(4, 8, 8), values: copy))
    #expect(spine.notices() == [Self.words])
  }

  /// A cell of 2 x 1.5 x 3 voxels: by hand, a voxel on a border counts half on either side.
  @Test func aPatternIsOfMeans() throws {
    let coarse = (0..<256).map { Double(($0 * 37) % 101) }
    let whole = Grid3(Extent3(4, 8, 8), values: coarse)
    var fine = Grid3(Extent3(8, 24, 8), repeating: 0.0)
    for d in 0..<8 { for h in 0..<24 { for w in 0..<8 { fine[d, h, w] = whole[d / 2, h / 3, w] } } }
    #expect(ImagePattern(fine) == ImagePattern(whole))
    var third = Grid3(Extent3(4, 8, 12), repeating: 0.0)
    for d in 0..<4 {
      for h in 0..<8 {
        for w in 0..<12 { third[d, h, w] = Double(w) }
      }
    }
    // Of 12 columns, 1.5 each: 0 and half of 1 are (0 + 1/2) / 1.5, and on.
    let means = [1, 5, 10, 14, 19, 23, 28, 32].map { Double($0) / 3 }
    let expected = Grid3(Extent3(4, 8, 8), values: (0..<256).map { means[$0 % 8] })
    #expect(ImagePattern(third) == ImagePattern(expected))
    #expect(ImagePattern(Grid3(Extent3(4, 8, 8), repeating: 7.0)) == nil)
    let pattern = try #require(ImagePattern(third))
    #expect(try JSONDecoder().decode([ImagePattern].self, from: JSONEncoder().encode([pattern])) == [pattern])
  }
}
