import Experiments
import Foundation
import Networks
import Store
import Testing
import Training
import System

@Suite struct ErrorTests {
  @Test(arguments: [
    (
      RunError.diverged(run: "safnet-f1", epoch: 3, step: 12, learningRate: 0.01, cause: "the loss is nan"),
      "safnet-f1 diverged in epoch 3, step 12, at learning rate 0.01: the loss is nan. "
        + "Lower training.learningRate or check the images."
    ),
    (
      .foreignCheckpoint(file: "last.h5", differences: ["training.batch: was 2, is 3", "training.seed: was 1, is 2"]),
      "last.h5 does not belong to this run (training.batch: was 2, is 3; training.seed: was 1, is 2). "
        + "Give `safnet run` with its experiment, which sets it aside and makes the run's own again."
    ),
    (
      .otherNumerics(run: "safnet-f1", begun: nil, now: NumericsVersion(rawValue: 2)),
      "safnet-f1 was begun under an unrecorded numerics version; this program trains under numerics version 2, to other "
        + "bits. Type `safnet runs remove safnet-f1 --yes` to train it from the beginning, or give --mix-numerics to "
        + "`safnet run` to go on all the same; reports will say that both had a part in it."
    ),
    (
      .bestCheckpointLost(file: "best.h5", cause: "it is damaged.", run: "safnet-f1"),
      "best.h5, which is to be tested, cannot be read: it is damaged. "
        + "Give `safnet run` again: it trains what is lost of safnet-f1 anew, to the same bits."
    ),
    (
      .networkLost(file: "last.h5", cause: "it is missing", other: "best", run: "safnet-f1"),
      "last.h5 cannot be read: it is missing. The tested network is there: give --checkpoint best. To train this one again, "
        + "type `safnet runs remove safnet-f1 --yes`, then `safnet run` with its experiment."
    ),
    (
      .noEvaluableCheckpoint(run: "safnet-f1"),
      "safnet-f1 has no trained network yet. Type `safnet run` with its experiment first."
    ),
  ])
  func words(error: RunError, text: String) { #expect("\(error)" == text) }

  @Test(arguments: [
    (
      LabelMapComparison.Problem.differentGrids(
        prediction: "p.nii", truth: "t.nii", found: "1x2x3", expected: "1x2x4"),
      "p.nii has 1x2x3 voxels (D, H, W), t.nii has 1x2x4. Resample one to the other's grid first."
    ),
    (.noLabel(file: "p.nii", value: -3), "p.nii holds -3, and a label is a whole number from 0 on. Is it a label map?"),
    (
      .differentPlaces(prediction: "p.nii", truth: "t.nii", millimetres: 50.00004, tolerance: 0.25),
      "p.nii lies up to 50.0 mm off t.nii (allowed: 0.25 mm). Correct its affine, or resample it onto the other's grid"
        + " first."
    ),
  ])
  func words(problem: LabelMapComparison.Problem, text: String) { #expect("\(problem)" == text) }

  /// All numbers that stand for nothing, and what to do about them; a fraction is another mistake.
  @Test func numbersThatNobodyMeansHaveTheirWords() {
    typealias Problem = LabelMapComparison.Problem
    let fraction =
      ", and a label is a whole number from 0 on. Resample label maps by nearest neighbour; of probabilities, give the label map"
      + " that they make."
    let halves = Problem.unknownLabels(file: "p.nii", values: [2, 2.5], known: [0, 1])
    #expect("\(halves)" == "p.nii holds 2.5" + fraction)
    #expect("\(Problem.noLabel(file: "p.nii", value: 0.5))" == "p.nii holds 0.5" + fraction)
    let advice =
      ". Correct the mask, or name in --labels (in place of --run or --experiment) the structures that both files were drawn"
      + " with, all numbers of one where they differ, such as {\"L1\": [1, 1001]}; without any of these every number is scored under"
      + " its own name."
    let two = Problem.unknownLabels(file: "p.nii", values: [7, 10], known: [0, 1, 2, 3, 5, 8, 9])
    #expect("\(two)" == "p.nii holds the labels 7, 10; those that are meant are 0 to 3, 5, 8, 9" + advice)
    let many = Problem.unknownLabels(file: "p.nii", values: (1...12).map(Double.init), known: [0])
    #expect(
      "\(many)" == "p.nii holds the labels 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more; those that are meant are 0"
        + advice)
  }

  @Test func whatWouldFailAgainIsNotTriedAgain() {
    #expect(isFinal(RunError.noEvaluableCheckpoint(run: "")))
    #expect(isFinal(SessionStateError.negativeStep(-1)))
    #expect(!isFinal(SystemError(file: "", action: .write, code: ENOSPC)))
    #expect(!isFinal(CocoaError(.fileNoSuchFile)))
  }
}
