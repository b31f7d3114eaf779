import Foundation
import Interchange
import JSON
import Metrics
import Testing
import Volumes

/// Label maps and scores in the layouts of nnU-Net, BIDS and dcmqi.
@Suite struct PredictionFormatTests {
  private let structures = LabelMap(structures: [.init(name: "L5", value: 2), .init(name: "L5/S", value: 11)])

  /// Of 100 voxels.
  private func score(_ name: String, truth: [Int], predicted: [Int], common: [Int]) -> CaseEvaluation {
    CaseEvaluation(
      name: name, dice: [], surfaceDistance: [], hausdorff95: [], truthVoxels: truth, predictedVoxels: predicted,
      commonVoxels: common, confusion: [100])
  }

  /// What `compute_metrics_on_folder` of nnunetv2 2.8.1 gives such cases: no Dice of nothing in both, 0 where only one
  /// has something; means without those; the foreground's mean of the means.
  @Test func theSummaryHasTheKeysAndNumbersOfNNUNet() throws {
    let cases = [
      score("a", truth: [10, 0], predicted: [10, 0], common: [5, 0]),
      score("b", truth: [4, 0], predicted: [0, 3], common: [0, 0]),
    ]
    let text = String(decoding: NNUNetFolder.summary(cases, structures: structures), as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(
      lines[1]
        == #""foreground_mean": {"Dice": 0.125, "FN": 2.25, "FP": 2, "IoU": 0.08333333333333333, "TN": 94.5, "TP": 1.25, "#
        + #""n_pred": 3.25, "n_ref": 3.5},"#)
    #expect(
      lines.contains(
        #""11": {"Dice": NaN, "FN": 0, "FP": 0, "IoU": NaN, "TN": 100, "TP": 0, "n_pred": 0, "n_ref": 0},"#))
    #expect(
      lines.contains(#""11": {"Dice": 0, "FN": 0, "FP": 3, "IoU": 0, "TN": 97, "TP": 0, "n_pred": 3, "n_ref": 0},"#))
    #expect(lines.contains(#""prediction_file": "a.nii.gz","#) && lines.contains(#""reference_file": "b.nii.gz""#))
    let nothing = [score("a", truth: [1, 0], predicted: [1, 0], common: [1, 0])]
    let empty = String(decoding: NNUNetFolder.summary(nothing, structures: structures), as: UTF8.self)
    #expect(empty.contains(#""foreground_mean": {"Dice": NaN, "FN": 0, "#))
    #expect(NNUNetFolder.folder(fold: 1) == "fold_0/validation")
  }

  @Test func labelsWithAGapAreNoticed() {
    #expect(!NNUNetFolder.areConsecutive(structures))
    #expect(
      NNUNetFolder.areConsecutive(LabelMap(structures: [.init(name: "a", value: 2), .init(name: "b", value: 1)])))
  }

  @Test func subjectsHaveLettersAndDigitsOnly() {
    let names = ["vb3_02", "vb302", "sub-07_T2w", "...", "Case 1"]
    let derivative = BIDSDerivative(cases: names, structures: structures, version: "1")
    #expect(derivative.subjects.map(\.label) == ["vb302", "vb302x2", "07", "case", "Case1"])
    #expect(derivative.subjects[2].path("dseg.nii.gz") == "sub-07/anat/sub-07_dseg.nii.gz")
    #expect(derivative.participants.hasPrefix("participant_id\tcase\nsub-vb302\tvb3_02\nsub-vb302x2\tvb302\n"))
    #expect(derivative.labels == "index\tname\n0\tbackground\n2\tL5\n11\tL5/S\n")
  }

  @Test func segmentsHaveTheirCodes() throws {
    let json = CanonicalJSON.text(SegmentationCodes.json(structures, name: "Case1", version: "1"))
    for part in [
      #""SegmentedPropertyTypeCodeSequence":{"CodeMeaning":"L5 vertebra","CodeValue":"49668003","CodingSchemeDesignator":"SCT"}"#,
      #"{"CodeMeaning":"L5/S1 disc","CodeValue":"715056000","CodingSchemeDesignator":"SCT"}"#, #""labelID":11"#,
      #""SegmentAlgorithmName":"safnet 1""#,
    ] {
      #expect(json.contains(part), "\(part)")
    }
    let others = LabelMap(
      structures: ["C7/T1", "T12-L1", "S", "cord"].enumerated().map { .init(name: $1, value: $0 + 1) })
    #expect(SegmentationCodes.unknown(in: others) == ["cord"])
    let codes = CanonicalJSON.text(SegmentationCodes.json(others, name: "x", version: "1"))
    for meaning in ["C7/T1 disc", "T12/L1 disc", "Sacrum"] { #expect(codes.contains("\"\(meaning)\""), "\(meaning)") }
  }
}
