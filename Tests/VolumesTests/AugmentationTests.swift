import Compute
import Foundation
import Testing
import Volumes

/// See Golden/make_augmentation.py.
struct GoldenAugmentation: Decodable, Sendable, CustomTestStringConvertible {
  struct Field: Decodable {
    var spacing: Double
    var rows: Int
    var columns: Int
    var coefficients: [[Double]]
  }
  var name: String
  var shape: Extent3
  var spacing: [Double]
  var angle: Double?
  var contrast: Double?
  var elastic: Field?
  var image: [Float]
  var labels: [UInt8]
  var changed: [Double]
  var classes: [UInt8]
  var testDescription: String { name }

  var draw: AugmentationDraw {
    AugmentationDraw(
      angle: angle, contrast: contrast,
      elastic: elastic.map { field in
        ElasticField(
          spacing: field.spacing, rows: field.rows, columns: field.columns,
          coefficients: field.coefficients.map { SIMD2($0[0], $0[1]) })
      })
  }

  var given: PreparedCase {
    PreparedCase(
      name: name, image: Grid3(shape, values: image), labels: Grid3(shape, values: labels),
      spacing: SIMD3(spacing[0], spacing[1], spacing[2]), present: [true, true, true])
  }
}

@Suite struct AugmentationTests {
  static let always = Augmentation(
    rotation: .init(probability: 1), contrast: .init(probability: 1), elastic: .init(probability: 1))

  static func example(_ extent: Extent3 = Extent3(3, 40, 30)) -> PreparedCase {
    var stream = RandomStream(seed: 8, purpose: .test)
    return PreparedCase(
      name: "x", image: Grid3(extent, values: (0..<extent.count).map { _ in stream.nextUniform() - 0.5 }),
      labels: Grid3(extent, values: (0..<extent.count).map { UInt8($0 / 7 % 3) }), spacing: SIMD3(4.4, 1.3, 1.1),
      present: [true, true])
  }

  @Test(arguments: golden("augmentation", [GoldenAugmentation].self))
  func doesWhatScipyDoes(_ known: GoldenAugmentation) {
    let changed = known.draw.applied(to: known.given)
    #expect(changed.labels.values == known.classes)
    // Four products of single-precision weights (a position's rounding of at most 2^-24 twice) with values below 5,
    // their sum, and the contrast's three roundings.
    let bound = 5 * 16 * 0x1p-24 + 1e-9
    #expect(changed.image.values.count == known.changed.count)
    for (value, wanted) in zip(changed.image.values, known.changed) {
      #expect(abs(Double(value) - wanted) <= bound)
    }
    #expect(changed.present == (1...3).map { known.classes.contains($0) })
  }

  @Test func theSameStreamGivesTheSameCase() {
    let one = Self.example()
    func changed(epoch: Int, index: Int) -> PreparedCase {
      Self.always.applied(to: one, stream: RandomStream(seed: 1, purpose: .augmentation, epoch: epoch, index: index))
    }
    #expect(changed(epoch: 2, index: 5) == changed(epoch: 2, index: 5))
    #expect(changed(epoch: 2, index: 5) != changed(epoch: 3, index: 5))
    #expect(changed(epoch: 2, index: 5) != changed(epoch: 2, index: 6))
  }

  @Test func probabilityZeroChangesNothing() {
    let one = Self.example()
    let off = Augmentation(
      rotation: .init(probability: 0), contrast: .init(probability: 0), elastic: .init(probability: 0))
    for index in 0..<20 {
      #expect(off.applied(to: one, stream: RandomStream(seed: 4, purpose: .augmentation, index: index)) == one)
    }
  }

  @Test func drawsStayInRangeAndFollowTheProbability() {
    var augmentation = Self.always
    augmentation.rotation.probability = 0.3
    var (rotated, angles, factors) = (0, [Double](), [Double]())
    for index in 0..<2000 {
      var stream = RandomStream(seed: 9, purpose: .augmentation, index: index)
      let draw = augmentation.draw(extent: Extent3(2, 20, 20), spacing: SIMD3(4, 1, 1), stream: &stream)
      if let angle = draw.angle {
        rotated += 1
        angles.append(angle * 180 / .pi)
      }
      factors.append(draw.contrast!)
      #expect(draw.elastic!.coefficients.allSatisfy { abs($0.x) <= 6 && abs($0.y) <= 6 })
    }
    // Six standard deviations of a binomial count.
    #expect(abs(Double(rotated) - 600) < 6 * (2000 * 0.3 * 0.7).squareRoot())
    #expect((14...15.000_01).contains(angles.max()!))
    #expect((-15.000_01 ... -14).contains(angles.min()!))
    #expect((1.24...1.25).contains(factors.max()!))
    #expect((0.75...0.76).contains(factors.min()!))
  }

  @Test func switchingOneOffLeavesTheOthersDraws() {
    func draw(_ augmentation: Augmentation) -> AugmentationDraw {
      var stream = RandomStream(seed: 2, purpose: .augmentation)
      return augmentation.draw(extent: Extent3(2, 20, 20), spacing: SIMD3(4, 1, 1), stream: &stream)
    }
    var withoutRotation = Self.always
    withoutRotation.rotation.probability = 0
    #expect(draw(withoutRotation).angle == nil)
    #expect(draw(withoutRotation).contrast == draw(Self.always).contrast)
    #expect(draw(withoutRotation).elastic == draw(Self.always).elastic)
  }

  /// Neighbouring voxels stay in order along both axes: the strongest allowed deformation does not fold.
  @Test func elasticNeverFolds() {
    let elastic = Augmentation.Elastic(probability: 1, millimetres: 6, controlSpacing: 24.1)
    for index in 0..<10 {
      var stream = RandomStream(seed: 5, purpose: .augmentation, index: index)
      let extent = Extent3(1, 60, 50)
      let draw = Augmentation(
        rotation: .init(probability: 0), contrast: .init(probability: 0), elastic: elastic
      ).draw(extent: extent, spacing: SIMD3(4, 1.2, 1.2), stream: &stream)
      let sources = draw.sources(extent: extent, spacing: SIMD3(4, 1.2, 1.2))
      for h in 0..<59 {
        for w in 0..<49 {
          let here = sources[h * 50 + w]
          let (down, right) = (sources[(h + 1) * 50 + w] - here, sources[h * 50 + w + 1] - here)
          #expect(down.x * right.y - down.y * right.x > 0)
          #expect(abs(here.x - Double(h)) <= 5.000_1 && abs(here.y - Double(w)) <= 5.000_1)
        }
      }
    }
  }

  @Test func contrastKeepsTheMean() {
    let one = Self.example()
    let changed = AugmentationDraw(contrast: 1.25).applied(to: one)
    func mean(_ grid: Grid3<Float>) -> Double {
      grid.values.reduce(0) { $0 + Double($1) } / Double(grid.values.count)
    }
    #expect(abs(mean(changed.image) - mean(one.image)) < 1e-7)
    #expect(changed.labels == one.labels)
    let before = Double(one.image[1, 2, 3]) - mean(one.image)
    let after = Double(changed.image[1, 2, 3]) - mean(one.image)
    #expect(abs(after - 1.25 * before) < 1e-6)
  }

  @Test func rangesOutOfBoundsAreNamed() {
    let wrong = Augmentation(
      rotation: .init(probability: 2, degrees: -1), contrast: .init(probability: .nan, lower: 0, upper: -1),
      elastic: .init(probability: -1, millimetres: 10, controlSpacing: 40))
    #expect(
      wrong.problems.map(\.path) == [
        "rotation.probability", "contrast.probability", "elastic.probability", "rotation.degrees", "contrast.lower",
        "contrast.upper", "elastic.controlSpacing",
      ])
    #expect(wrong.problems.last?.message == "40.0 is not above four times millimetres (10.0): space could fold")
    #expect(Augmentation().problems.isEmpty)
  }

  @Test func decodesWithDefaults() throws {
    let given = try JSONDecoder().decode(
      Augmentation.self,
      from: Data(#"{"rotation": {"degrees": 5}, "contrast": {"upper": 2}, "elastic": {"probability": 0}}"#.utf8))
    let wanted = Augmentation(
      rotation: .init(degrees: 5), contrast: .init(upper: 2), elastic: .init(probability: 0))
    #expect(given == wanted)
    #expect(try JSONDecoder().decode(Augmentation.self, from: Data("{}".utf8)) == Augmentation())
    #expect(try JSONDecoder().decode(Augmentation.self, from: JSONEncoder().encode(given)) == given)
  }
}
