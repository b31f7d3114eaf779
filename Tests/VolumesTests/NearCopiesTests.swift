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
    "nearly one picture under two names (the noise, scale or type of its values differ, or it is mirrored): c4 and c9. In two parts of a"
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
