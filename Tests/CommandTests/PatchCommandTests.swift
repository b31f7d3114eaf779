import Foundation
import TestSupport
import Testing

/// An experiment that resamples to a spacing and sees patches, as its user meets it: images of many sizes, one network.
@Suite(.serialized) struct PatchCommandTests {
  private static let experiment = SmallExperiment.json(epochs: 20)
    .replacingOccurrences(of: #""size": [6, 32, 16]"#, with: #""spacing": [5, 9, 8], "crop": "none""#)
    .replacingOccurrences(of: #""batch": 2 }"#, with: #""batch": 2, "patch": [6, 24, 16] }"#)
    .replacingOccurrences(of: #""augmentation": false,"#, with: "")

  private static func fresh() throws -> Program {
    let program = try Program()
    try Data(experiment.utf8).write(to: program.folder.appending(path: "small.json"))
    return program
  }

  private static let finished = Result {
    let program = try fresh().keptUntilExit()
    return (
      program: program,
      result: try program("run", "small.json", "--threads", "1", "--only", "Base", "--folds", "1")
    )
  }

  /// What a run came to: its scores and its label maps.
  private static func results(_ program: Program) throws -> [String: Data] {
    try program.contents().filter {
      $0.key.hasSuffix(".nii.gz") && $0.key.contains("/predictions/") || $0.key.hasSuffix("evaluation.h5")
    }
  }

  @Test func aKilledRunEndsInTheSameBits() throws {
    let (whole, result) = try Self.finished.get()
    #expect(result.status == 0, "\(result.errors)")
    let killed = try Self.fresh()
    let sweep = try killed.start(["run", "small.json", "--threads", "1", "--only", "Base", "--folds", "1"])
    func journal() -> String { (try? killed.journals().first) ?? "" }
    for _ in 0..<600 where !journal().contains("\"event\":\"epoch\"") { Thread.sleep(forTimeInterval: 0.05) }
    kill(sweep.process.processIdentifier, SIGKILL)
    _ = try sweep.wait()
    #expect(!journal().contains("\"event\":\"finished\""))
    let again = try killed("run", "small.json", "--threads", "2", "--only", "Base", "--folds", "1")
    #expect(again.status == 0, "\(again.errors)")
    #expect(journal().contains("\"event\":\"resumed\""))
    let (wanted, found) = (try Self.results(whole), try Self.results(killed))
    #expect(wanted.count == 7 && wanted == found, "\(wanted.keys.filter { wanted[$0] != found[$0] })")
  }

  @Test func itPredictsReportsAndIsPlanned() throws {
    let program = try Program(copying: Self.finished.get().program)
    let run = try #require(try program.runNames().first)
    let predicted = try program("predict", run, "phantom/MR/Case1.nii.gz", "-o", "labels.nii.gz")
    #expect(predicted.status == 0, "\(predicted.errors)")
    let scored = try program("evaluate", "labels.nii.gz", "phantom/Mask/mask_case1.nii.gz", "--run", run)
    #expect(scored.status == 0 && scored.output.contains("mean Dice"), "\(scored.errors)")

    let report = try program("report", "small.json")
    #expect(report.status == 0, "\(report.errors)")
    let methods = try String(contentsOf: program.folder.appending(path: "Reports/small/methods.md"), encoding: .utf8)
    #expect(methods.contains("in overlapping windows of \\[6,24,16\\] voxels (D, H, W)"), "\(methods)")
    #expect(methods.contains("spacing \\[5,9,8\\]") && methods.contains("a share of 0.33 was laid around"))

    let plan = try program("plan", "small.json", "--no-measure")
    #expect(plan.output.contains("input 6x24x16"), "\(plan.output)\(plan.errors)")
    #expect(plan.output.contains("\nPatches: of images of up to "))
  }

  @Test func whatCannotDescribeWindowsIsRefused() throws {
    let program = try Program(copying: Self.finished.get().program)
    let run = try #require(try program.runNames().first)
    for format in ["onnx", "pytorch"] {
      let result = try program("export", run, "--format", format, "-o", "model")
      #expect(result.status == 2 && result.errors.contains("sees patches (training.patch)"), "\(result.errors)")
    }
  }

  /// Before anything is prepared.
  @Test func aPatchThatNoImageHoldsIsOneClearError() throws {
    let program = try Self.fresh()
    let result = try program("run", "small.json", "--threads", "1", "--set", "training.patch=[64,24,16]")
    #expect(result.status == 2 || result.status == 1)
    #expect(result.errors.contains("training.patch: no image is as large as 64x24x16: the longest sides are "))
    #expect(!result.errors.contains("preparing cases"))
  }
}
