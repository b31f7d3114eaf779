import Compute
import Foundation
import Metrics
import Testing

@Suite struct CaseEvaluationTests {
  @Test(arguments: Golden.shared.evaluations.indices)
  func equalsSciPy(_ index: Int) {
    let golden = Golden.shared.evaluations[index]
    let found = evaluate(
      name: "case", prediction: grid(golden.shape, golden.prediction), truth: grid(golden.shape, golden.truth),
      classes: golden.classes, spacing: SIMD3(golden.spacing))
    expectClose(found.dice, golden.dice, "Dice")
    expectClose(found.surfaceDistance, golden.surfaceDistance, "surface distance")
    expectClose(found.hausdorff95, golden.hausdorff95, "HD95")
    #expect(found.confusion == golden.confusion)
  }

  @Test func countsVoxels() {
    let found = evaluate(
      name: "Case7", prediction: grid(Extent3(1, 2, 4), "01220022"), truth: grid(Extent3(1, 2, 4), "01120023"),
      classes: 4, spacing: SIMD3(1, 1, 1))
    #expect(found.name == "Case7")
    #expect(found.truthVoxels == [2, 2, 1])
    #expect(found.predictedVoxels == [1, 4, 0])
    #expect(found.commonVoxels == [1, 2, 0])
    #expect(found.missedStructures == [2])
    #expect(found.voxelAccuracy == 6.0 / 8)
  }

  /// Absent twice: not counted. Invented: 0. Missed: 0.
  @Test func averagesOverCountedStructures() throws {
    let found = evaluate(
      name: "", prediction: grid(Extent3(1, 1, 6), "110330"), truth: grid(Extent3(1, 1, 6), "110022"), classes: 5,
      spacing: SIMD3(1, 1, 1))
    #expect(found.dice == [1, 0, 0, nil])
    #expect(try #require(found.meanDice) == 1.0 / 3)
  }

  /// By counts and centres, and by the truth what those do not tell.
  @Test func aMapThatIsNotTheScoredOneIsTold() {
    let (extent, spacing) = (Extent3(1, 2, 4), SIMD3(4.4, 0.35, 0.7))
    let truth = grid(extent, "01120023")
    let scores = evaluate(name: "a", prediction: grid(extent, "01220022"), truth: truth, classes: 4, spacing: spacing)
    func isOf(_ text: String, _ spacing: SIMD3<Double> = SIMD3(4.4, 0.35, 0.7)) -> [Bool] {
      [
        scores.canBe(of: grid(extent, text), spacing: spacing),
        scores.isOf(grid(extent, text), truth: truth, classes: 4, spacing: spacing),
      ]
    }
    #expect(isOf("01220022") == [true, true])
    // As a header holds it.
    #expect(isOf("01220022", SIMD3(Double(Float(4.4)), Double(Float(0.35)), Double(Float(0.7)))) == [true, true])
    for other in ["01120023", "01220020", "10220022", "00000000", "01220024"] {
      #expect(isOf(other) == [false, false], "\(other)")
    }
    #expect(!scores.isOf(grid(extent, "01220022"), truth: truth, classes: 5, spacing: spacing))
    // The same counts and the same centre.
    let (row, known) = (Extent3(1, 1, 5), grid(Extent3(1, 1, 5), "01100"))
    let line = evaluate(name: "a", prediction: grid(row, "01010"), truth: known, classes: 2, spacing: spacing)
    #expect(line.canBe(of: grid(row, "10001"), spacing: spacing))
    #expect(!line.isOf(grid(row, "10001"), truth: known, classes: 2, spacing: spacing))
  }

  /// Where nobody has annotated, nothing was counted.
  @Test func ofIgnoredVoxelsLessIsTold() {
    let (extent, spacing) = (Extent3(1, 1, 6), SIMD3(1.0, 1, 1))
    var truth = grid(extent, "011022")
    truth.values[5] = ignoredLabel
    let scores = evaluate(name: "a", prediction: grid(extent, "011202"), truth: truth, classes: 3, spacing: spacing)
    #expect(scores.canBe(of: grid(extent, "011202"), spacing: spacing))
    #expect(scores.isOf(grid(extent, "011202"), truth: truth, classes: 3, spacing: spacing))
    #expect(!scores.canBe(of: grid(extent, "000202"), spacing: spacing))
    #expect(!scores.isOf(grid(extent, "011220"), truth: truth, classes: 3, spacing: spacing))
  }

  @Test func hasNoMeanWithoutAStructure() {
    let empty = Grid3<UInt8>(Extent3(2, 2, 2), repeating: 0)
    let found = evaluate(name: "", prediction: empty, truth: empty, classes: 3, spacing: SIMD3(1, 1, 1))
    #expect(found.meanDice == nil)
    #expect(found.surfaceDistance == [nil, nil])
    #expect(found.voxelAccuracy == 1)
  }

  @Test func equalMapsTouch() {
    let golden = Golden.shared.evaluations[0]
    let truth = grid(golden.shape, golden.truth)
    let found = evaluate(name: "", prediction: truth, truth: truth, classes: 5, spacing: SIMD3(golden.spacing))
    #expect(found.dice == [1, 1, 1, 1])
    #expect(found.surfaceDistance == [0, 0, 0, 0])
    #expect(found.hausdorff95 == [0, 0, 0, 0])
  }

  @Test func surfaceIsWhatSharesAFaceWithTheOutside() {
    let solid = Grid3(Extent3(3, 4, 5), repeating: true)
    let shell = surface(of: solid)
    #expect(shell.values.filter { $0 }.count == 60 - 6)
    #expect(!shell[1, 1, 1] && !shell[1, 2, 3] && shell[1, 3, 2])
  }

  @Test func refusesOtherShapesAndUnknownLabels() async {
    await #expect(processExitsWith: .failure) {
      let (a, b) = (Grid3<UInt8>(Extent3(2, 3, 4), repeating: 0), Grid3<UInt8>(Extent3(4, 3, 2), repeating: 0))
      _ = evaluate(name: "", prediction: a, truth: b, classes: 2, spacing: SIMD3(1, 1, 1))
    }
    await #expect(processExitsWith: .failure) {
      let a = Grid3<UInt8>(Extent3(2, 3, 4), repeating: 2)
      _ = evaluate(name: "", prediction: a, truth: a, classes: 2, spacing: SIMD3(1, 1, 1))
    }
  }

  /// A case at the paper's size, structures scattered over all of it, so that no bounding box helps.
  @Test func evaluatesPaperSizeCases() {
    let extent = Extent3(18, 256, 128)
    var stream = RandomStream(seed: 1, purpose: .test)
    var noise = Grid3<UInt8>(extent, repeating: 0)
    for index in 0..<4000 { noise.values[index * 147] = UInt8(1 + stream.nextInt(below: 17)) }
    let found = evaluate(name: "", prediction: noise, truth: noise, classes: 18, spacing: SIMD3(4.4, 0.7, 0.7))
    #expect(found.dice == Array(repeating: 1, count: 17))
    #expect(found.hausdorff95 == Array(repeating: 0, count: 17))
    #expect(found.truthVoxels.reduce(0, +) == 4000)
  }
}
