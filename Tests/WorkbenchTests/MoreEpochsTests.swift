import Experiments
import Testing
import Workbench

/// Whether a longer training goes on after a shorter one.
@Suite struct MoreEpochsTests {
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  private func told(_ overrides: [String]) throws -> String {
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(overrides), console: console).read()
    return console.errors
  }

  @Test func itGoesOnOnlyWhereNothingElseDiffers() throws {
    #expect(try told(["training.epochs=3"]).contains("training.epochs: was 1, is 3; `safnet run` goes on after the 1"))
    let other = try told(["training.epochs=3", "training.batch=1"])
    #expect(other.contains("training.epochs: was 1, is 3") && other.contains("training.batch: was 2, is 1"), "\(other)")
    #expect(!other.contains("goes on after"), "\(other)")
  }
}
