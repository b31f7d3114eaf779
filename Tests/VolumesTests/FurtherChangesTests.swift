import Compute
import Foundation
import Testing
import Volumes

/// See Golden/make_further_changes.py.
struct GoldenChange: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var shape: Extent3
  var numbers: [Double]
  var image: [Float]
  var changed: [Double]
  var testDescription: String { "\(name) \(numbers)" }

  var draw: FurtherDraw {
    var draw = FurtherDraw()
    switch name {
    case "gamma": draw.gamma = numbers[0]
    case "negativeGamma": draw.negativeGamma = numbers[0]
    case "blur": draw.blur = SIMD3(numbers[0], numbers[1], numbers[2])
    default: draw.lowResolution = numbers[0]
    }
    return draw
  }
}

/// The changes that nnU-Net makes besides the paper's three.
@Suite struct FurtherChangesTests {
  static var everything: Augmentation {
    var all = AugmentationTests.always
    (all.scaling, all.mirroring, all.noise, all.blur) = (.init(), .init(), .init(), .init())
    (all.brightness, all.shift, all.lowResolution, all.gamma) = (.init(), .init(), .init(), .init())
    return all
  }

  static func certain(_ augmentation: Augmentation = everything) -> Augmentation {
    var all = augmentation
    for path in [\Augmentation.scaling!.probability, \.mirroring!.probability, \.noise!.probability] {
      all[keyPath: path] = 1
    }
    for path in [\Augmentation.blur!.probability, \.brightness!.probability, \.shift!.probability] {
      all[keyPath: path] = 1
    }
    for path in [\Augmentation.lowResolution!.probability, \.gamma!.probability, \.gamma!.negativeProbability] {
      all[keyPath: path] = 1
    }
    return all
  }

  static func draw(_ augmentation: Augmentation, index: Int = 0, epoch: Int = 0) -> AugmentationDraw {
    var stream = RandomStream(seed: 3, purpose: .augmentation, epoch: epoch, index: index)
    return augmentation.draw(extent: Extent3(2, 20, 20), spacing: SIMD3(4, 1, 1), stream: &stream)
  }

  @Test(arguments: golden("further-changes", [GoldenChange].self))
  func doesWhatNNUNetDoes(_ known: GoldenChange) {
    let one = PreparedCase(
      name: "x", image: Grid3(known.shape, values: known.image),
      labels: Grid3(known.shape, repeating: 0), spacing: SIMD3(4, 1, 1), present: [])
    let changed = AugmentationDraw(further: known.draw).applied(to: one)
    #expect(changed.labels == one.labels && changed.image.values.count == known.changed.count)
    // Sums in double, of values below 5; a blur rounds to single precision once for each axis.
    let bound = 3 * 5 * 0x1p-24 + 1e-8
    for (value, wanted) in zip(changed.image.values, known.changed) { #expect(abs(Double(value) - wanted) <= bound) }
  }

  @Test func withoutThemNothingIsDrawn() {
    for index in 0..<20 { #expect(Self.draw(AugmentationTests.always, index: index).further == FurtherDraw()) }
  }

  /// Each has numbers of its own: the older three and the others draw what they drew without it.
  @Test func switchingOneOffLeavesTheOthersDraws() {
    let all = Self.draw(Self.certain())
    let older = Self.draw(AugmentationTests.always)
    #expect(all.angle == older.angle && all.contrast == older.contrast && all.elastic == older.elastic)
    var fewer = Self.certain()
    (fewer.blur, fewer.scaling, fewer.elastic.probability) = (nil, nil, 0)
    var wanted = all.further
    (wanted.blur, wanted.scale) = (nil, nil)
    #expect(Self.draw(fewer).further == wanted)
  }

  @Test func drawsFollowProbabilitiesAndRanges() {
    var counts = [String: Int]()
    var (factors, powers, scales) = ([Double](), [Double](), [Double]())
    for index in 0..<4000 {
      let draw = Self.draw(Self.everything, index: index).further
      for (name, happened) in [
        ("scale", draw.scale != nil), ("mirror", draw.isMirrored), ("noise", draw.noise != nil),
        ("blur", draw.blur != nil), ("brightness", draw.brightness != nil), ("shift", draw.shift != nil),
        ("low", draw.lowResolution != nil), ("negative", draw.negativeGamma != nil), ("gamma", draw.gamma != nil),
      ] where happened { counts[name, default: 0] += 1 }
      factors += [draw.brightness].compactMap(\.self)
      powers += [draw.gamma, draw.negativeGamma].compactMap(\.self)
      scales += [draw.scale].compactMap(\.self)
    }
    let chances = [
      "scale": 0.2, "mirror": 0.5, "noise": 0.1, "blur": 0.1, "brightness": 0.15, "shift": 0.05, "low": 0.125,
      "negative": 0.1, "gamma": 0.3,
    ]
    for (name, chance) in chances {
      // Six standard deviations of a binomial count.
      #expect(abs(Double(counts[name]!) - 4000 * chance) < 6 * (4000 * chance * (1 - chance)).squareRoot(), "\(name)")
    }
    #expect(scales.min()! >= 0.7 && scales.max()! <= 1.4 && scales.max()! - scales.min()! > 0.65)
    #expect(factors.min()! >= 0.75 && factors.max()! <= 1.25)
    #expect(powers.min()! >= 0.7 && powers.max()! <= 1.5)
    // Half of the powers are below 1, though the range is longer above.
    let below = powers.count { $0 < 1 }
    #expect(abs(Double(below) - Double(powers.count) / 2) < 3 * Double(powers.count).squareRoot())
  }

  @Test func theSameStreamGivesTheSameCase() {
    let one = AugmentationTests.example()
    func changed(epoch: Int) -> PreparedCase {
      Self.certain().applied(to: one, stream: RandomStream(seed: 1, purpose: .augmentation, epoch: epoch, index: 5))
    }
    #expect(changed(epoch: 2) == changed(epoch: 2))
    #expect(changed(epoch: 2) != changed(epoch: 3))
  }

  @Test func mirroringTurnsTheSlicesRound() {
    let one = AugmentationTests.example(Extent3(3, 4, 5))
    var draw = FurtherDraw()
    draw.isMirrored = true
    let changed = AugmentationDraw(further: draw).applied(to: one)
    for d in 0..<3 {
      for h in 0..<4 {
        for w in 0..<5 {
          #expect(
            changed.image[d, h, w] == one.image[2 - d, h, w] && changed.labels[d, h, w] == one.labels[2 - d, h, w])
        }
      }
    }
    #expect(AugmentationDraw(further: draw).applied(to: changed) == one)
  }

  /// At twice the distance from the centre: every second voxel of the middle, background around it.
  @Test func scalingReadsFartherFromTheCentre() {
    let one = AugmentationTests.example(Extent3(1, 5, 9))
    var draw = FurtherDraw()
    draw.scale = 2
    let changed = AugmentationDraw(further: draw).applied(to: one)
    for h in 0..<5 {
      for w in 0..<9 {
        let (row, column) = (2 * (h - 2) + 2, 2 * (w - 4) + 4)
        let inside = (0..<5).contains(row) && (0..<9).contains(column)
        #expect(abs(changed.image[0, h, w] - (inside ? one.image[0, row, column] : 0)) < 1e-6)
        #expect(changed.labels[0, h, w] == (inside ? one.labels[0, row, column] : 0))
      }
    }
  }

  @Test func noiseIsNormal() {
    let flat = Grid3<Float>(Extent3(20, 40, 31), repeating: 0)
    let values = flat.noisy(deviation: 0.5, stream: RandomStream(seed: 4, purpose: .test)).values.map {
      Double($0) / 0.5
    }
    let count = Double(values.count)
    let moments = (1...4).map { power in values.reduce(0) { $0 + pow($1, Double(power)) } / count }
    // Six standard errors of the moments of a normal distribution: variances 1, 2, 15, 96 over n.
    for (index, (wanted, variance)) in [(0.0, 1.0), (1, 2), (0, 15), (3, 96)].enumerated() {
      #expect(abs(moments[index] - wanted) < 6 * (variance / count).squareRoot(), "moment \(index + 1)")
    }
  }

  @Test func brightnessIsAFactorAndAShift() {
    let one = AugmentationTests.example()
    var draw = FurtherDraw()
    (draw.brightness, draw.shift) = (1.25, -0.5)
    let changed = AugmentationDraw(further: draw).applied(to: one)
    #expect(zip(changed.image.values, one.image.values).allSatisfy { abs($0 - ($1 * 1.25 - 0.5)) < 1e-6 })
    #expect(changed.labels == one.labels)
  }

  @Test func aConstantImageHasNoGamma() {
    let flat = Grid3<Float>(Extent3(2, 3, 4), repeating: 2.5)
    #expect(
      flat.gammaChanged(0.8) == flat && flat.blurred(by: SIMD3(1, 1, 1)).values.allSatisfy { abs($0 - 2.5) < 1e-6 })
  }

  @Test func rangesOutOfBoundsAreNamed() {
    var wrong = Self.everything
    (wrong.scaling!.lower, wrong.noise!.probability, wrong.lowResolution!.upper) = (2, 1.5, 1.2)
    #expect(wrong.problems.map(\.path) == ["noise.probability", "scaling.upper", "lowResolution.upper"])
    #expect(Self.everything.problems.isEmpty)
  }
}
