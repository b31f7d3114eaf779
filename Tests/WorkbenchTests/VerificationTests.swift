import Foundation
import Testing
import Workbench

@Suite struct VerificationTests {
  @Test func aPartThatDiffersOrIsTooManyIsNamed() throws {
    var outcome = VerificationOutcome(parts: ["a": "0123456789abcdef0", "b": "fedcba9876543210f"])
    #expect(outcome.compare(["a": "0123456789abcdef0", "b": "fedcba9876543210f"]))
    #expect(outcome.lines == ["same  0123456789abcdef a", "same  fedcba9876543210 b"])
    #expect(try outcome.verdict() == "0 kills and 0 interruptions of 0 sweeps, 2 parts each: no differences")
    #expect(!outcome.compare(["a": "another", "b": "fedcba9876543210f", "c": "new"]))
    #expect(
      outcome.lines == [
        "OTHER 0123456789abcdef a", "same  fedcba9876543210 b", "EXTRA                  c",
      ])
    let failure = #expect(throws: VerificationFailure.self) { try outcome.verdict() }
    #expect(failure?.differences == 2)
    // A sweep that is the same takes nothing back.
    #expect(
      outcome.compare(["a": "0123456789abcdef0", "b": "fedcba9876543210f"]) && outcome.lines[0].hasPrefix("OTHER"))
  }

  private func parts(_ experiment: SmallExperiment) throws -> [String: String] {
    try Verification.parts(
      of: experiment.workspace, experiment: experiment.specification(), program: SmallExperiment.program)
  }

  @Test func everyKindOfFileIsCompared() throws {
    let (one, other) = (try SmallExperiment.trained(), try SmallExperiment.trained())
    defer { for experiment in [one, other] { experiment.remove() } }
    var outcome = VerificationOutcome(parts: try parts(one))
    for part in [
      "journal.jsonl epochs", "plan.json plan", "last.h5 second_moments", "best.h5 parameters", "best.h5 position",
      "evaluation.h5", ".nii.gz", "Case8.case", "summary.json", "splits_final.json", "folds.csv", "surfaces.csv",
    ] {
      #expect(outcome.lines.contains { $0.hasSuffix(part) }, "\(part) is not compared")
    }
    #expect(outcome.compare(try parts(other)))

    let splits = other.workspace.root.appendingPathComponent("splits/small/splits_final.json")
    try (Data(contentsOf: splits) + Data("\n".utf8)).write(to: splits)
    try Data().write(to: other.workspace.root.appendingPathComponent("left-about"))
    #expect(try !outcome.compare(parts(other)))
    let different = outcome.lines.filter { !$0.hasPrefix("same") }
    #expect(different.count == 2 && different[0].hasSuffix("splits_final.json") && different[1].hasPrefix("EXTRA"))
  }
}
