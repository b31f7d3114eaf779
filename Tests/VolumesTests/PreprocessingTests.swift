import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// See Golden/make_preprocessing.py.
struct GoldenPreprocessing: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var shape: Extent3
  var size: Extent3
  var crop: Preprocessing.Crop
  var depth: Preprocessing.Depth
  var normalise: Preprocessing.Normalisation
  var image: [Double]
  var labels: [UInt8]
  var prepared: [Double]
  var classes: [UInt8]
  var testDescription: String { name }

  var steps: PreprocessingSteps {
    PreprocessingSteps(
      Preprocessing(size: size, crop: crop, depth: depth, normalise: normalise), for: shape, spacing: .one)
  }
}

@Suite struct PreprocessingTests {
  @Test(arguments: golden("preprocessing", [GoldenPreprocessing].self))
  func doesWhatTorchDoes(_ known: GoldenPreprocessing) throws {
    let image = try known.steps.image(Grid3(known.shape, values: known.image), file: "f")
    #expect(image.extent == known.size)
    // One rounding to single precision, and nine decimals in the golden file.
    for (value, wanted) in zip(image.values, known.prepared) {
      #expect(abs(Double(value) - wanted) <= abs(wanted) * 0x1p-24 + 1e-9)
    }
    #expect(image.values.count == known.prepared.count)
    let labels = known.steps.labels(Grid3(known.shape, values: known.labels))
    #expect(labels.extent == known.size)
    #expect(labels.values == known.classes)
  }

  @Test func spacingKeepsTheFieldOfView() {
    let steps = PreprocessingSteps(
      Preprocessing(size: Extent3(18, 256, 128)), for: Extent3(12, 880, 880), spacing: .one)
    #expect(steps.box == Box(depth: 0, height: 0, width: 220, extent: Extent3(12, 880, 440)))
    #expect(steps.padding == 3)
    let spacing = steps.spacing(of: SIMD3(4.4, 0.345, 0.345))
    let wanted: SIMD3<Double> = [4.4, 0.345 * 3.4375, 0.345 * 3.4375]
    #expect(spacing == wanted)
    let resampled = PreprocessingSteps(
      Preprocessing(size: Extent3(6, 8, 8), crop: .none, depth: .resample), for: Extent3(12, 8, 4), spacing: .one)
    #expect(resampled.spacing(of: SIMD3(2, 1, 1)) == SIMD3(4, 1, 0.5))
  }

  @Test(arguments: [5.0, 0, -3e30])
  func refusesAConstantImage(value: Double) {
    let steps = PreprocessingSteps(Preprocessing(size: Extent3(2, 3, 4)), for: Extent3(2, 5, 6), spacing: .one)
    #expect(throws: DatasetProblem.constantImage(file: "f", value: value)) {
      try steps.image(Grid3(Extent3(2, 5, 6), repeating: value), file: "f")
    }
  }

  /// Where the network's grid is at least as fine as the image, going there and back loses nothing inside the box.
  @Test(arguments: [Preprocessing.Crop.halfWidth, .none], [3, 5, 9])
  func restoringUndoesPreparing(crop: Preprocessing.Crop, depth: Int) {
    let original = Extent3(5, 7, 10)
    let steps = PreprocessingSteps(
      Preprocessing(size: Extent3(depth, 21, 20), crop: crop), for: original, spacing: .one)
    var stream = RandomStream(seed: 3, purpose: .test)
    let labels = Grid3(original, values: (0..<original.count).map { _ in UInt8(stream.nextInt(below: 6)) })
    let restored = steps.restored(steps.labels(labels))
    for d in 0..<5 {
      for h in 0..<7 {
        for w in 0..<10 {
          let inWidth = crop == .none || (2..<7).contains(w)
          let inDepth = depth >= 5 || (1..<4).contains(d)
          let wanted = inWidth && inDepth ? labels[d, h, w] : 0
          #expect(restored[d, h, w] == wanted, "\(d) \(h) \(w)")
        }
      }
    }
  }

  @Test func restoringTakesTheNearestVoxel() {
    let steps = PreprocessingSteps(
      Preprocessing(size: Extent3(1, 2, 3), crop: .none), for: Extent3(1, 6, 6), spacing: .one)
    let restored = steps.restored(Grid3(Extent3(1, 2, 3), values: [1, 2, 3, 4, 5, 6]))
    let (upper, lower): ([UInt8], [UInt8]) = ([1, 1, 2, 2, 3, 3], [4, 4, 5, 5, 6, 6])
    let wanted: [[UInt8]] = [upper, upper, upper, lower, lower, lower]
    #expect(restored.values == Array(wanted.joined()))
  }

  @Test func decodesWithThePapersDefaults() throws {
    let empty = try JSONDecoder().decode(Preprocessing.self, from: Data("{}".utf8))
    #expect(
      empty == Preprocessing(size: Extent3(18, 256, 128), crop: .halfWidth, depth: .padOrCrop, normalise: .volume))
    let given = try JSONDecoder().decode(
      Preprocessing.self,
      from: Data(#"{"size": [4, 5, 6], "crop": "none", "depth": "resample", "normalise": "none"}"#.utf8))
    #expect(given == Preprocessing(size: Extent3(4, 5, 6), crop: .none, depth: .resample, normalise: .none))
    #expect(try JSONDecoder().decode(Preprocessing.self, from: JSONEncoder().encode(given)) == given)
  }
}
