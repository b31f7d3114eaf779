import Foundation
import TestSupport
import Testing
import Workbench

/// What is given to `safnet evaluate` in the wrong order, or of two cases.
@Suite struct GivenOrderTests {
  let sweep: SmallSweep

  init() throws {
    sweep = try SmallSweep.trained()
    try FileManager.default.copyItem(atPath: sweep.path("phantom/Mask"), toPath: sweep.path("pp"))
    let record =
      #"{"format": 1, "methods": [], "cases": {"mask_case1": {"image": "Case1.nii.gz", "content": "00", "method": 0}}}"#
    try Data(record.utf8).write(to: URL(fileURLWithPath: sweep.path("pp/predictions.json")))
  }

  private func notices(_ prediction: String, _ truth: String) throws -> String {
    try ImageEvaluation(
      prediction: sweep.path(prediction), truth: sweep.path(truth), names: .numbers, in: sweep.workspace
    ).notices.joined(separator: "\n")
  }

  @Test func predictionsInThePlaceOfTheTruthAreToldSo() throws {
    func errors(_ predictions: String, _ truths: String) throws -> String {
      let console = RecordedConsole()
      _ = try FolderEvaluation(
        predictions: sweep.path(predictions), truths: sweep.path(truths), labels: nil, console: console)
      return console.errors
    }
    let words = "was written by `safnet predict`: predictions come first, then the truth"
    #expect(try errors("phantom/Mask", "pp").contains("warning: the second folder \(words)\n"))
    #expect(!(try errors("pp", "phantom/Mask")).contains(words))
    // Two networks may be compared.
    #expect(!(try errors("pp", "pp")).contains(words))
    let one = "mask_case1.nii.gz"
    #expect(try notices("phantom/Mask/\(one)", "pp/\(one)").contains("the second file \(words)"))
    #expect(!(try notices("pp/\(one)", "phantom/Mask/\(one)")).contains(words))
  }

  @Test func twoFilesOfDifferentCasesAreNamed() throws {
    let first = "phantom/Mask/mask_case1.nii.gz"
    for (name, isOther) in [("mask_case2", true), ("Case2", true), ("Case01", false), ("vertebrae", false)] {
      let copy = "\(name).nii.gz"
      try FileManager.default.copyItem(atPath: sweep.path(first), toPath: sweep.path(copy))
      let words = "\(name) is scored against mask_case1: are both of one case?"
      #expect(try notices(copy, first).contains(words) == isOther, "\(name)")
    }
  }
}
