import Foundation
import Testing

/// A sweep of which every run failed: each command says so, why, and how to go on, in one message.
@Suite struct UnfinishedSweepTests {
  private static let made = Result {
    let program = try Program().keptUntilExit()
    let file = program.folder.appending(path: "small.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try Data(text.replacing("\"epochs\": 2", with: "\"epochs\": 2, \"learningRate\": 1e30").utf8).write(to: file)
    _ = try program("run", "small.json", "--threads", "1", "--only", "SAFNet", "--retries", "0", "--workspace", "W")
    return program
  }

  private let program: Program

  init() throws { program = try Program(copying: Self.made.get()) }

  private func refused(_ arguments: [String]) throws -> Program.Result {
    try program.start(arguments + ["--workspace", "W"]).wait()
  }

  private static let image = "phantom/MR/Case1.nii.gz"
  private static let cause = "failed: diverged in epoch 1"
  private static let remedy = "`safnet run small.json --workspace W` trains what is missing"

  @Test(arguments: [
    (
      ["predict", "SAFNet", image, "-o", "o"],
      "'SAFNet' is a variant of small, not a run. None of its runs has finished ("
    ),
    (["export", "SAFNet", "--format", "onnx", "-o", "o"], "None of its runs has finished ("),
    (["predict", "safnet-f1", image, "-o", "o"], " has no trained network yet ("),
    (
      ["predict", "--experiment", "small.json", "--variant", "SAFNet", image, "-o", "o"],
      "none of the 2 runs of SAFNet has finished yet ("
    ),
    (["report", "small.json"], "no run of this experiment has finished ("),
    (["report", "small.json", "--force"], "no run of this experiment has finished ("),
  ]) func theCauseAndTheCommandAreNamed(arguments: [String], words: String) throws {
    let before = try program.contents()
    let result = try refused(arguments)
    #expect(result.status != 0 && result.output.isEmpty)
    #expect(result.errors.contains(words) && result.errors.contains(Self.cause), "\(result.errors)")
    #expect(result.errors.contains(Self.remedy), "\(result.errors)")
    #expect(!result.errors.contains("unfinished") && !result.errors.contains("All its finished runs"))
    #expect(try program.contents() == before, "nothing is written")
  }

  @Test func ofAVariantThatWasNotBegunTheCommandIsNamed() throws {
    let result = try refused(["predict", "Base", Self.image, "-o", "o"])
    #expect(
      result.errors.contains(
        "'Base' is a variant of small, not a run. None of its runs was begun yet; \(Self.remedy)."),
      "\(result.errors)")
  }
}
