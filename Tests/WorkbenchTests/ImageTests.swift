import Testing
import Workbench

@Suite struct ImageTests {
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  @Test func theTruthIsItsOwnPerfectPrediction() throws {
    let mask = sweep.path("phantom/Mask/mask_case1.nii.gz")
    let evaluation = try ImageEvaluation(prediction: mask, truth: mask, names: .numbers, in: sweep.workspace)
    #expect(evaluation.text.hasPrefix("structure  Dice"))
    #expect(evaluation.text.contains("\nmean Dice 100.00 %\nPQ 100.00 %"))
    #expect(throws: UsageError.self) {
      try ImageEvaluation(prediction: mask, truth: mask, names: .run("nobody"), in: sweep.workspace)
    }
  }
}
