import Experiments
import Foundation
import Testing
import Training
import Workbench

/// Why finished runs are not those that are asked for.
@Suite struct EarlierPlanWordsTests {
  private func status(_ sweep: SmallSweep, _ overrides: [String]) throws -> String {
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(overrides), console: console).read()
    return console.errors
  }

  /// With the usual schedule a longer training goes on.
  @Test func aScheduleThatHangsOnTheNumberOfEpochsBeginsAnew() throws {
    let sweep = try SmallSweep()
    let schedule = #"training.schedule={"kind":"poly"}"#
    var settings = SweepSession.Settings()
    (settings.selection.only, settings.selection.folds) = (["Base"], [1])
    _ = try sweep.session(RecordedConsole(), settings: settings, overrides: [schedule]).run(stop: StopFlag())
    let told = try status(sweep, [schedule, "training.epochs=3"])
    let words =
      "Base fold 1: training.epochs: was 1, is 3; `safnet run` begins anew, as every rate of this schedule hangs on"
      + " the number of epochs\n"
    #expect(told.contains(words), "\(told)")
  }

  @Test func whatChangesTheCasesOfAFoldIsNamed() throws {
    let told = try status(SmallSweep.trained(), ["folds.seed=7"])
    let words = "the cases of the fold, by folds (its seed among them), dataset.exclude or splits_final.json"
    #expect(told.contains(words), "\(told)")
  }
}
