import Foundation
import Testing
import Workbench

@Suite struct VerificationTests {
  static let undisturbed = ["a": "0123456789abcdef0", "b": "fedcba9876543210f"]

  @Test func aSweepThatLeavesTheSameHasNoDifferences() throws {
    var outcome = VerificationOutcome(parts: Self.undisturbed)
    let isSame = outcome.compare(Self.undisturbed)
    #expect(isSame && outcome.lines == ["same  0123456789abcdef a", "same  fedcba9876543210 b"])
    #expect(try outcome.verdict() == "0 kills and 0 interruptions of 0 sweeps, 2 parts each: no differences")
  }

  @Test func aPartThatDiffersOrIsTooManyIsNamed() throws {
    var outcome = VerificationOutcome(parts: Self.undisturbed)
    let isSame = outcome.compare(["a": "another", "b": "fedcba9876543210f", "c": "new"])
    let lines = ["OTHER 0123456789abcdef a", "same  fedcba9876543210 b", "EXTRA                  c"]
    #expect(!isSame && outcome.lines == lines)
    let failure = #expect(throws: VerificationFailure.self) { try outcome.verdict() }
    #expect(failure?.differences == 2)
    // A later sweep that is the same takes nothing back.
    let next = outcome.compare(Self.undisturbed)
    #expect(next && outcome.lines == lines)
  }

  private func parts(_ sweep: SmallSweep) throws -> [String: String] {
    try Verification.parts(
      of: sweep.workspace, experiment: sweep.specification(), program: SmallSweep.program)
  }

  @Test func everyKindOfFileIsCompared() throws {
    let (one, other) = (try SmallSweep.trained(), try SmallSweep.trained())
    var outcome = VerificationOutcome(parts: try parts(one))
    for part in [
      "journal.jsonl epochs", "plan.json plan", "last.h5 second_moments", "best.h5 parameters", "best.h5 position",
      "evaluation.h5", ".nii.gz", "Case8.case", "summary.json", "splits_final.json", "folds.csv", "surfaces.csv",
    ] {
      #expect(outcome.lines.contains { $0.hasSuffix(part) }, "\(part) is not compared")
    }
    let isSame = outcome.compare(try parts(other))
    #expect(isSame)

    let splits = other.workspace.root.appendingPathComponent("splits/small/splits_final.json")
    try (Data(contentsOf: splits) + Data("\n".utf8)).write(to: splits)
    try Data().write(to: other.workspace.root.appendingPathComponent("left-about"))
    let isStillSame = outcome.compare(try parts(other))
    #expect(!isStillSame)
    let different = outcome.lines.filter { !$0.hasPrefix("same") }
    #expect(different.count == 2 && different[0].hasSuffix("splits_final.json") && different[1].hasPrefix("EXTRA"))
  }
}
