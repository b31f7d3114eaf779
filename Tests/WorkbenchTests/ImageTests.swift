import CPU
import Foundation
import Testing
import Workbench

@Suite struct ImageTests {
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  @Test func anImageIsSegmentedAndScored() throws {
    let run = try sweep.workspace.runDirectories()[0]
    let output = sweep.path("labels.nii.gz")
    var prediction = ImagePrediction(run: run.name, image: sweep.path("phantom/MR/Case1.nii.gz"), output: output)
    prediction.threads = 1
    #expect(
      try prediction.write(in: sweep.workspace, engine: CPUEngine()) == "\(output): epoch 1 of \(run.name)")
    let mask = sweep.path("phantom/Mask/mask_case1.nii.gz")
    let scores = try ImageEvaluation(prediction: output, truth: mask, names: .run(run.name), in: sweep.workspace)
    #expect(scores.text.contains("\nmean Dice "))

    // What is there is never overwritten; a run may be named by its folder, wherever that is.
    #expect(throws: UsageError.outputExists(file: output)) {
      try prediction.write(in: sweep.workspace, engine: CPUEngine())
    }
    (prediction.run, prediction.output) = (run.url.path, sweep.path("again.nii.gz"))
    _ = try prediction.write(in: .init(sweep.folder), engine: CPUEngine())
    let (first, second) = (URL(fileURLWithPath: output), URL(fileURLWithPath: prediction.output))
    #expect(try Data(contentsOf: first) == Data(contentsOf: second))
  }

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
