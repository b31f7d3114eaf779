import CPU
import Foundation
import Testing
import Workbench

@Suite struct ImageTests {
  @Test func anImageIsSegmentedAndScored() throws {
    let experiment = try SmallExperiment.trained()
    defer { experiment.remove() }
    let run = try experiment.workspace.runDirectories()[0]
    let output = experiment.path("labels.nii.gz")
    var prediction = ImagePrediction(run: run.name, image: experiment.path("phantom/MR/Case1.nii.gz"), output: output)
    prediction.threads = 1
    #expect(
      try prediction.write(in: experiment.workspace, engine: CPUEngine()) == "\(output): epoch 1 of \(run.name)")
    let mask = experiment.path("phantom/Mask/mask_case1.nii.gz")
    let scores = try ImageEvaluation(prediction: output, truth: mask, run: run.name, in: experiment.workspace)
    #expect(scores.text.contains("\nmean Dice "))

    // What is there is never overwritten; a run may be named by its folder, wherever that is.
    #expect(throws: UsageError.outputExists(file: output)) {
      try prediction.write(in: experiment.workspace, engine: CPUEngine())
    }
    (prediction.run, prediction.output) = (run.url.path, experiment.path("again.nii.gz"))
    _ = try prediction.write(in: .init(experiment.folder), engine: CPUEngine())
    let (first, second) = (URL(fileURLWithPath: output), URL(fileURLWithPath: prediction.output))
    #expect(try Data(contentsOf: first) == Data(contentsOf: second))
  }

  @Test func theTruthIsItsOwnPerfectPrediction() throws {
    let experiment = try SmallExperiment.trained()
    defer { experiment.remove() }
    let mask = experiment.path("phantom/Mask/mask_case1.nii.gz")
    let evaluation = try ImageEvaluation(prediction: mask, truth: mask, run: nil, in: experiment.workspace)
    #expect(evaluation.text.hasPrefix("structure  Dice") && evaluation.text.hasSuffix("\nmean Dice 100.00 %"))
    #expect(throws: UsageError.self) {
      try ImageEvaluation(prediction: mask, truth: mask, run: "nobody", in: experiment.workspace)
    }
  }
}
