import Compute
import Metrics
import Testing

/// A spine of vertebrae and discs, one box each, and predictions that name it wrongly or draw it wrongly.
private struct Spine {
  static let names = ["S", "L5", "L4", "L3", "L2", "L1", "L5/S", "L4/L5", "L3/L4", "L2/L3", "L1/L2", "canal"]
  static let levels = SpineLevels(names: names)
  static let spacing = SIMD3(3.0, 1.0, 1.0)
  static let classes = names.count + 1

  /// Vertebrae of 8 x 6 voxels with discs of 3 rows between them. `present` are the places from L1 (0) to S (5).
  static func labels(_ present: ClosedRange<Int>, shiftedTowardsHead shift: Int = 0) -> Grid3<UInt8> {
    var grid = Grid3<UInt8>(Extent3(3, 70, 8), repeating: 0)
    for place in present {
      let named = place - shift
      for h in 0..<11 {
        let label: UInt8? =
          if h < 8 { (0...5).contains(named) ? UInt8(6 - named) : nil } else {
            place < present.upperBound && (0...4).contains(named) ? UInt8(11 - named) : nil
          }
        guard let label else { continue }
        for d in 0..<2 { for w in 0..<6 { grid[d, 1 + 11 * place + h, w] = label } }
      }
    }
    for h in 0..<70 { grid[1, h, 7] = 12 }
    return grid
  }

  static func scores(prediction: Grid3<UInt8>, truth: Grid3<UInt8>) -> (CaseEvaluation, LevelScores) {
    let one = evaluate(name: "x", prediction: prediction, truth: truth, classes: classes, spacing: spacing)
    return (one, one.levels(of: levels)!)
  }
}

struct LevelScoresTests {
  @Test func levelsAreKnownByTheirNames() {
    #expect(Spine.levels.vertebrae == [6, 5, 4, 3, 2, 1])
    #expect(Spine.levels.discs == [11, 10, 9, 8, 7])
    let total = SpineLevels(names: [
      "vertebrae_L5", "sacrum", "vertebrae_T12", "disc_L5_S", "disc_T12_L1", "spinal_cord",
    ])
    #expect(total.vertebrae == [3, 1, 2])
    #expect(total.discs == [5, 4])
    #expect(SpineLevels(names: ["left kidney", "right kidney", "C8", "L0", "L1 L1"]).isEmpty)
    #expect(SpineLevels(names: ["Th12", "L1"]).vertebrae == [1, 2])
  }

  @Test func theTruthItselfIsAllRight() {
    let truth = Spine.labels(0...5)
    let (one, levels) = Spine.scores(prediction: truth, truth: truth)
    #expect(levels.allIdentified && levels.levels == 11 && levels.shift == 0)
    #expect(levels.diceAfterShift == Array(repeating: 1, count: 12))
    #expect(one.instances.panopticQuality == 1)
  }

  /// Moved by one or two places either way, the shift is found exactly and what is drawn is perfect.
  @Test(arguments: [-2, -1, 1, 2]) func aMovedNamingIsFoundExactly(shift: Int) {
    let truth = Spine.labels(2...3)
    let prediction = Spine.labels(2...3, shiftedTowardsHead: shift)
    let (one, levels) = Spine.scores(prediction: prediction, truth: truth)
    #expect(levels.shift == shift)
    #expect(levels.identified == 0 && levels.levels == 3)
    #expect(one.meanDice! < 0.5)
    #expect(levels.diceAfterShift.compactMap { $0 }.allSatisfy { $0 == 1 })
    #expect(levels.diceAfterShift.compactMap { $0 }.count == 4, "two vertebrae, a disc, the canal")
    #expect(one.instances.panopticQuality == 1, "objects do not depend on names")
  }

  /// Of a hundred cases a random share is moved; the histogram is exactly what was done to them.
  @Test func theHistogramOfShiftsIsWhatWasDone() {
    var stream = RandomStream(seed: 4, purpose: .test)
    var (done, found) = ([Int: Int](), [Int: Int]())
    let truth = Spine.labels(1...4)
    for _ in 0..<100 {
      let shift = [0, 0, 0, 1, -1][Int(stream.nextUniform() * 5)]
      let (_, levels) = Spine.scores(prediction: Spine.labels(1...4, shiftedTowardsHead: shift), truth: truth)
      done[shift, default: 0] += 1
      found[levels.shift!, default: 0] += 1
    }
    #expect(done == found && done.count == 3)
  }

  @Test func aRightNameTooFarAwayIsNotIdentified() {
    let truth = Spine.labels(1...1)
    var moved = Grid3<UInt8>(truth.extent, repeating: 0)
    for h in 0..<8 { for w in 0..<6 { for d in 0..<2 { moved[d, 12 + 21 + h, w] = 5 } } }
    #expect(Spine.scores(prediction: moved, truth: truth).1.identified == 0)
    moved = Grid3(truth.extent, repeating: 0)
    for h in 0..<8 { for w in 0..<6 { for d in 0..<2 { moved[d, 12 + 20 + h, w] = 5 } } }
    #expect(Spine.scores(prediction: moved, truth: truth).1.identified == 1, "20 mm is within reach")
  }

  @Test func anEmptyPredictionHasNoShift() {
    let truth = Spine.labels(0...5)
    let (one, levels) = Spine.scores(prediction: Grid3(truth.extent, repeating: 0), truth: truth)
    #expect(levels.shift == nil && levels.identified == 0 && !levels.allIdentified)
    #expect(one.instances.recognitionQuality == 0 && one.instances.segmentationQuality == nil)
  }

  @Test func shiftedDrawingErrorsStayAfterTheShift() {
    let truth = Spine.labels(2...3)
    var prediction = Spine.labels(2...3, shiftedTowardsHead: 1)
    // Half of L3, drawn as L2, is lost.
    for h in 0..<4 { for w in 0..<6 { for d in 0..<2 { prediction[d, 1 + 11 * 2 + h, w] = 0 } } }
    let (_, levels) = Spine.scores(prediction: prediction, truth: truth)
    #expect(levels.shift == 1)
    #expect(levels.diceAfterShift[3] == 2.0 * 4 / (4 + 8), "L3 of which half was drawn")
  }
}
