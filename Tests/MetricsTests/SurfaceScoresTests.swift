import Compute
import Foundation
import Metrics
import Testing

/// DeepMind's `surface-distance`, SimpleITK and panoptica; `Golden/make_surface_scores.py` made them.
struct SurfaceGolden: Decodable {
  struct Case: Decodable {
    /// By spacing, then class: assd, hd95, hd, nsd at 1 and 2 mm.
    var surface: [[[Double]?]]
    /// By class: Dice, Jaccard.
    var overlap: [[Double]?]?
    /// Matched objects, SQ, RQ, PQ.
    var panoptic: [Double?]?
  }

  var areas: [[Double]]
  var cases: [Case]

  static let spacings: [SIMD3<Double>] = [SIMD3(1, 1, 1), SIMD3(4.4, 0.35, 0.35)]
  static let tolerances = [1.0, 2.0]

  static let shared: SurfaceGolden = {
    let url = Bundle.module.url(forResource: "Golden/surface_scores", withExtension: "json")!
    return try! JSONDecoder().decode(SurfaceGolden.self, from: Data(contentsOf: url))
  }()
}

/// Nine digits are stored.
private func agree(_ a: Double?, _ b: Double?) -> Bool {
  guard let a, let b else { return a == nil && b == nil }
  return abs(a - b) <= 5e-9 * max(1, abs(b))
}

struct SurfaceScoresTests {
  @Test func theElementsOfAll256PatternsHaveDeepMindsAreas() {
    for (spacing, areas) in zip(SurfaceGolden.spacings, SurfaceGolden.shared.areas) {
      let ours = SurfaceElementAreas(spacing: spacing)
      for pattern in 0..<256 where !agree(ours[UInt8(pattern)], areas[pattern]) {
        Issue.record("pattern \(pattern) at \(spacing): \(ours[UInt8(pattern)]), not \(areas[pattern])")
      }
    }
  }

  @Test func surfaceScoresAreDeepMinds() {
    let pairs = DrawnMaps.all
    #expect(pairs.count == SurfaceGolden.shared.cases.count)
    var compared = 0
    for (number, (pair, golden)) in zip(pairs, SurfaceGolden.shared.cases).enumerated() {
      for (spacing, expected) in zip(SurfaceGolden.spacings, golden.surface) {
        let found = evaluate(
          name: "x", prediction: pair.prediction, truth: pair.truth, classes: DrawnMaps.classes, spacing: spacing,
          tolerances: SurfaceGolden.tolerances
        ).elements!
        for c in expected.indices {
          guard let row = expected[c] else {
            #expect(found.average[c] == nil && found.hausdorff95[c] == nil && found.hausdorff[c] == nil)
            continue
          }
          compared += 1
          let ours = [found.average[c], found.hausdorff95[c], found.hausdorff[c]] + found.normalizedDice.map { $0[c] }
          for (name, (a, b)) in zip(["assd", "hd95", "hd", "nsd 1", "nsd 2"], zip(ours, row)) where !agree(a, b) {
            Issue.record("case \(number), class \(c + 1) at \(spacing): \(name) \(String(describing: a)), not \(b)")
          }
        }
      }
    }
    #expect(compared > 400, "only \(compared) structures lie in both maps")
  }

  @Test func overlapsAreSimpleITKs() {
    for (number, (pair, golden)) in zip(DrawnMaps.all, SurfaceGolden.shared.cases).enumerated() {
      guard let expected = golden.overlap else { continue }
      let found = evaluate(
        name: "x", prediction: pair.prediction, truth: pair.truth, classes: DrawnMaps.classes, spacing: SIMD3(1, 1, 1))
      for (c, row) in expected.enumerated() {
        guard let row else { continue }
        #expect(agree(found.dice[c], row[0]), "case \(number), class \(c + 1)")
        #expect(agree(found.intersectionOverUnion[c], row[1]), "case \(number), class \(c + 1)")
      }
    }
  }

  @Test func panopticQualityIsPanopticas() {
    for (number, (pair, golden)) in zip(DrawnMaps.all, SurfaceGolden.shared.cases).enumerated() {
      guard let expected = golden.panoptic else { continue }
      let found = evaluate(
        name: "x", prediction: pair.prediction, truth: pair.truth, classes: DrawnMaps.classes, spacing: SIMD3(1, 1, 1)
      ).instances
      #expect(Double(found.matched) == expected[0], "case \(number)")
      // Where nothing matches panoptica's SQ is 0, ours is undefined.
      #expect(agree(found.segmentationQuality ?? 0, expected[1]), "case \(number)")
      #expect(agree(found.recognitionQuality, expected[2]), "case \(number)")
      #expect(agree(found.panopticQuality, expected[3]), "case \(number)")
    }
  }

  @Test func aMissedAndAnInventedStructureHaveNoNormalisedDice() {
    let (empty, one) = (Grid3<UInt8>(Extent3(5, 4, 3), repeating: 0), DrawnMaps.box(1, 1..<3, 1..<3, 1..<2))
    let missed = evaluate(
      name: "x", prediction: empty, truth: one, classes: 2, spacing: SIMD3(1, 1, 1), tolerances: [1])
    let invented = evaluate(
      name: "x", prediction: one, truth: empty, classes: 2, spacing: SIMD3(1, 1, 1), tolerances: [1])
    let neither = evaluate(
      name: "x", prediction: empty, truth: empty, classes: 2, spacing: SIMD3(1, 1, 1), tolerances: [1])
    #expect(missed.elements?.normalizedDice == [[0]])
    #expect(invented.elements?.normalizedDice == [[0]])
    #expect(neither.elements?.normalizedDice == [[nil]])
    #expect(missed.elements?.average == [nil])
  }
}
