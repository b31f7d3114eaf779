import Foundation
import TestSupport
import Testing
import Training
import Volumes
import Workbench

/// What is given to `safnet evaluate` by mistake: the truth twice, images, labels of another kind.
@Suite struct SameFilesTests {
  let sweep: SmallSweep
  let console = RecordedConsole()

  init() throws { sweep = try SmallSweep.trained() }

  private func evaluate(_ predictions: String, _ truths: String, _ labels: LabelMap? = nil) throws -> FolderEvaluation {
    try FolderEvaluation(
      predictions: sweep.path(predictions), truths: sweep.path(truths), labels: labels, console: console)
  }

  private func labels(_ file: String) throws -> LabelMap? {
    try ImageEvaluation.labels(.file(sweep.path(file)), in: sweep.workspace)
  }

  @Test func oneFolderTwiceIsWarnedOf() throws {
    _ = try evaluate("phantom/Mask", "phantom/Mask")
    #expect(
      console.errors.hasPrefix("warning: predictions and truths are the same folder: perfect scores say nothing."))
  }

  @Test func linksToTheTruthAndCopiesOfItAreWarnedOf() throws {
    let (mask, linked) = (sweep.path("phantom/Mask"), sweep.path("linked"))
    try FileManager.default.createDirectory(atPath: linked, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: linked + "/mask_case1.nii.gz", withDestinationPath: mask + "/mask_case1.nii.gz")
    try FileManager.default.copyItem(atPath: mask + "/mask_case2.nii.gz", toPath: linked + "/mask_case2.nii.gz")
    _ = try evaluate("linked", "phantom/Mask")
    #expect(
      console.errors
        == "warning: of 1 of 2 cases prediction and truth are the same file (mask_case1): their scores say nothing\n")
    let copies = RecordedConsole()
    try FileManager.default.copyItem(atPath: mask, toPath: sweep.path("copied"))
    _ = try FolderEvaluation(predictions: sweep.path("copied"), truths: mask, labels: nil, console: copies)
    #expect(copies.errors.hasPrefix("warning: every prediction equals its truth voxel by voxel"))
    let one = try ImageEvaluation(
      prediction: mask + "/mask_case1.nii.gz", truth: linked + "/mask_case1.nii.gz", names: .numbers,
      in: sweep.workspace)
    #expect(one.notices.count == 1 && one.notices[0].hasPrefix("prediction and truth are the same file"))
  }

  @Test func imagesGivenAsPredictionsAreCalledSo() throws {
    for labels in [nil, try sweep.workspace.runDirectories()[0].plan().structures] {
      let evaluation = try evaluate("phantom/MR", "phantom/Mask", labels)
      let lines = evaluation.text.split(separator: "\n")
      #expect(lines.count == 2 && lines[0] == "none of the 8 pairs can be scored")
      #expect(
        lines[1].contains(" different numbers: it is an image, not a label map. Give the predicted label maps first"))
      #expect(lines[1].hasPrefix("Case1 is not scored: ") && lines[1].contains(" The same of Case2, Case3"), "\(lines)")
    }
    let error = #expect(throws: LabelMapComparison.Problem.self) {
      try ImageEvaluation(
        prediction: sweep.path("phantom/Mask/mask_case1.nii.gz"), truth: sweep.path("phantom/MR/Case1.nii.gz"),
        names: .numbers, in: sweep.workspace)
    }
    guard case .looksLikeImage(let file, let numbers)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(file == sweep.path("phantom/MR/Case1.nii.gz") && numbers > 255)
  }

  @Test func labelsMayStandInAFolder() throws {
    #expect(throws: ImageUsageError.labelsInFolder(folder: sweep.path("phantom"))) { try labels("phantom") }
    let text = #"{"labels": {"background": 0, "L1": 1}, "channel_names": {"0": "T2"}}"#
    try Data(text.utf8).write(to: URL(fileURLWithPath: sweep.path("phantom/dataset.json")))
    #expect(try labels("phantom")?.names == ["L1"])
  }

  /// As `safnet import` takes them.
  @Test func labelsMayStandAlone() throws {
    func names(_ text: String) throws -> [String]? {
      try Data(text.utf8).write(to: URL(fileURLWithPath: sweep.path("bare.json")))
      return try labels("bare.json")?.names
    }
    #expect(try names(#"{"L1": 1, "discs": [2, 3]}"#) == ["L1", "discs"])
    #expect(try names(#"{"0": "background", "1": "L1"}"#) == ["L1"])
    for (text, words) in [
      (#"{"L1": 1.5}"#, "labels: is missing"), ("{}", "labels: is missing"),
      (#"["L1", "L2"]"#, #"names of labels stand in one: {"labels": {"background": 0, "L1": 1, "L2": 2}}"#),
    ] {
      let error = #expect(throws: DatasetErrors.self) { try names(text) }
      #expect(error.map { "\($0)" }?.contains(words) == true, "\(text): \(error.map { "\($0)" } ?? "")")
    }
    let missing = #expect(throws: ImageUsageError.self) { try labels("L1,L2") }
    #expect(missing?.description.contains(": there is no such file. Give a dataset.json, or a file with names") == true)
  }

  @Test func labelsOfAnotherKindAreNamed() throws {
    func message(_ file: String) -> String {
      do { return "\(String(describing: try labels(file)))" } catch { return "\(error)" }
    }
    #expect(message("small.json").hasSuffix("it is an experiment; give it as --experiment \(sweep.path("small.json"))"))
    #expect(message("phantom/MR/Case1.nii.gz").contains("it is a NIfTI image. Give a dataset.json"))
    try Data("case,label\n".utf8).write(to: URL(fileURLWithPath: sweep.path("x.csv")))
    #expect(message("x.csv").contains("it is a table (CSV). Give a dataset.json"))
  }
}
