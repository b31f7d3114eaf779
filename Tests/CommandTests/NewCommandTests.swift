import Foundation
import TestSupport
import Testing

/// `safnet new`, as a user types it.
@Suite struct NewCommandTests {
  /// A phantom that is small enough to train on, in nnU-Net's layout.
  private func dataset() throws -> Program {
    let program = try Program()
    let phantom = try program("run", "small.json", "--set", "dataset.phantom.cases=4", "--only", "Base", "--folds", "1")
    try #require(phantom.status == 0, "\(phantom.errors)")
    return program
  }

  @Test func theStudyIsSoundAndTrains() throws {
    let program = try dataset()
    let made = try program("new", "phantom", "-o", "study.json", "--no-measure")
    try #require(made.status == 0, "\(made.errors)")
    #expect(made.output.hasPrefix("found: 4 images, 4 masks\ntaken: 4 cases, "))
    #expect(made.output.contains("\nkey ") && made.output.contains("Only you can say:\n  1. "))
    #expect(
      made.output.hasSuffix("  safnet dataset check study.json\n  safnet plan study.json\n  safnet run study.json\n"))
    #expect(try program("validate", "study.json").status == 0)
    #expect(try program("plan", "study.json", "--no-measure").status == 0)
    let trained = try program(
      "run", "study.json", "--set", "training.epochs=1", "--folds", "1", "--seeds", "2023",
      // Narrow networks: the same study in seconds.
      "--set", "model.width=16", "--set", "model.stem=[4,8]", "--set", "variants.nnU-Net.model.features=4")
    #expect(trained.status == 0, "\(trained.errors)")
    let finished = try program.json("runs", "list", "--json").filter { $0["state"] as? String == "finished" }
    #expect(finished.count == 4, "one of the phantom's own, three of the study")
  }

  @Test func jsonHoldsFingerprintChoicesAndQuestions() throws {
    let program = try dataset()
    let made = try program("new", "phantom", "-o", "study.json", "--no-measure", "--json")
    let report = try #require(try JSONSerialization.jsonObject(with: Data(made.output.utf8)) as? [String: Any])
    #expect(report["study"] as? String == "study.json")
    let choices = try #require(report["choices"] as? [[String: Any]])
    #expect(choices.allSatisfy { ($0["because"] as? String)?.isEmpty == false && $0["value"] != nil })
    let text = try String(contentsOf: program.folder.appendingPathComponent("study.json"), encoding: .utf8)
    let study = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(
      Set(choices.compactMap { ($0["key"] as? String)?.split(separator: ".").first.map(String.init) })
        == Set(study.keys))
    let fingerprint = try #require(report["fingerprint"] as? [String: Any])
    #expect((fingerprint["cases"] as? [Any])?.count == 4 && report["questions"] is [Any])
  }

  @Test func nnUNetsRecipeIsPlannedSaidAndSound() throws {
    let program = try dataset()
    let made = try program("new", "phantom", "-o", "study.json", "--no-measure", "--recipe", "nnunet")
    try #require(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("\nnnU-Net's plan of 4 cases (median "))
    #expect(made.output.contains("\nNot done of it: cropping to what is not 0, 2d, 3d_lowres"))
    #expect(try program("validate", "study.json").status == 0)
    #expect(try program("plan", "study.json", "--no-measure").output.contains("Patches: of images of up to "))
    let own = try program(
      "new", "phantom", "-o", "own.json", "--no-measure", "--recipe", "nnunet", "--patch", "8,32,16")
    #expect(own.status == 0 && own.output.contains("; taken is the patch 8x32x16, batch 1."), "\(own.errors)")
    #expect(try program("dataset", "check", "own.json").status == 0)
  }

  @Test func anExistingStudyIsKept() throws {
    let program = try Program()
    let before = try Data(contentsOf: program.folder.appendingPathComponent("small.json"))
    let result = try program("new", "phantom", "-o", "small.json")
    #expect(result.status == 2 && result.errors.contains("small.json exists already. Give another name, or remove it."))
    #expect(try Data(contentsOf: program.folder.appendingPathComponent("small.json")) == before)
  }

  @Test(arguments: [
    ["new", "data"], ["new", "data", "-o", "study.txt"], ["new", "data", "-o", "s.json", "--memory", "0"],
    ["new", "data", "-o", "s.json", "--patch", "8,32,16"], ["new", "data", "-o", "s.json", "--recipe", "other"],
    ["new", "data", "-o", "s.json", "--recipe", "nnunet", "--patch", "8x32x16"],
  ])
  func badArgumentsEndWithTwo(arguments: [String]) throws {
    let program = try Program()
    let result = try program.start(arguments).wait()
    #expect(result.status == 2 && result.output.isEmpty)
  }

  @Test func aDatasetThatIsNotThereEndsWithOne() throws {
    let result = try Program()("new", "nowhere", "-o", "study.json")
    #expect(result.status == 1 && result.errors.contains("nowhere: there is no such file or folder"))
  }
}
