import Experiments
import Foundation
import Store
import Testing
import Training
import Workbench

/// Finished runs that an experiment does not ask for: whose they are called, and which are not spoken of.
@Suite struct EarlierPlanTests {
  /// A part of an experiment: what its other variants have trained is no earlier plan.
  @Test func otherVariantsOfOneNetworkAreNoEarlierPlans() throws {
    let sweep = try SmallSweep.trained()
    var settings = SweepSession.Settings()
    (settings.dryRun, settings.selection.only) = (true, ["Slow"])
    let console = RecordedConsole()
    let slow = #"variants=[{"name":"SAFNet"},{"name":"Slow","training":{"epochs":2}}]"#
    _ = try sweep.session(console, settings: settings, overrides: [slow]).run(stop: StopFlag())
    #expect(!console.errors.contains("finished run"), "\(console.errors)")
  }

  /// Runs that stand in an experiment's places, and are another's.
  @Test func runsOfAnotherExperimentAreCalledSo() throws {
    let sweep = try SmallSweep.trained()
    let other = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"), overrides: ["name=other", "training.epochs=3"])
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: other, console: console).read()
    #expect(
      console.errors.contains(
        "notice: 4 finished runs are of another experiment, small (was there and is here):\n"
          + "  SAFNet fold 1, 2; Base fold 1, 2: training.epochs: was 1, is 3; `safnet run` goes on after the 1\n"),
      "\(console.errors)")
  }

  /// What another file's experiment has trained in the same workspace is none of this one's business.
  @Test func runsOfAnotherFileAreNotSpokenOf() throws {
    let sweep = try SmallSweep.trained()
    let other = sweep.folder.appendingPathComponent("other.json")
    try FileManager.default.copyItem(at: sweep.folder.appendingPathComponent("small.json"), to: other)
    func told() throws -> String {
      let console = RecordedConsole()
      let own = try Specification.load(other, overrides: ["name=other", "training.epochs=3"])
      _ = try StatusBoard(workspace: sweep.workspace, of: own, console: console).read()
      return console.errors
    }
    #expect(try !told().contains("another experiment"))
    // A file that is gone was this one, called otherwise.
    try FileManager.default.removeItem(at: sweep.folder.appendingPathComponent("small.json"))
    #expect(try told().contains("4 finished runs are of another experiment, small"))
  }

  /// Another study of images that are called alike, in the same workspace and never run: its dataset has not changed.
  @Test func runsOfAnotherStudysImagesAreNotShownAsItsOwn() throws {
    let sweep = try SmallSweep.trained()
    let files = FileManager.default
    try files.copyItem(atPath: sweep.path("phantom"), toPath: sweep.path("images"))
    try files.removeItem(atPath: sweep.path("images/Mask/mask_case2.nii.gz"))
    try files.copyItem(
      atPath: sweep.path("images/Mask/mask_case3.nii.gz"), toPath: sweep.path("images/Mask/mask_case2.nii.gz"))
    let file = sweep.folder.appendingPathComponent("other.json")
    try files.copyItem(at: sweep.folder.appendingPathComponent("small.json"), to: file)
    func shown(_ overrides: [String]) throws -> (states: [RunState], errors: String) {
      let console = RecordedConsole()
      let study = try Specification.load(file, overrides: overrides)
      let board = try StatusBoard(workspace: sweep.workspace, of: study, console: console)
      return (try board.read().map(\.state), console.errors)
    }
    let other = try shown(["name=other", "dataset.path=\(sweep.path("images"))"])
    #expect(other.states == Array(repeating: .queued, count: 4), "\(other)")
    #expect(!other.errors.contains("has changed since"), "\(other.errors)")
    // The experiment's own file with these images, on the contrary, has earlier content.
    let own = try sweep.specification(["dataset.path=\(sweep.path("images"))"])
    let console = RecordedConsole()
    let board = try StatusBoard(workspace: sweep.workspace, of: own, console: console)
    #expect(try board.read().map(\.state) == Array(repeating: .finished, count: 4))
    #expect(console.errors.contains("has changed since"), "\(console.errors)")
  }

  /// The network of a variant that was trained was edited: what was trained is of an earlier plan.
  @Test func anEditedNetworkIsAnEarlierPlan() throws {
    let sweep = try SmallSweep.trained()
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(["model.width=8"]), console: console).read()
    #expect(console.errors.contains("4 finished runs are of an earlier plan (was and is):"), "\(console.errors)")
    #expect(console.errors.contains("model.width: was ") && console.errors.contains(", is 8"), "\(console.errors)")
  }

  @Test func whatWasNeverBegunIsSaid() throws {
    let sweep = try SmallSweep.trained()
    let other = try Specification.load(
      sweep.folder.appendingPathComponent("small.json"),
      overrides: ["name=other", #"variants=[{"name":"U","model":{"kind":"unet3d"}}]"#])
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: sweep.workspace, of: other, console: console).read()
    #expect(
      console.errors
        == "notice: nothing of other was begun in \(sweep.workspace.root.path) yet; `safnet run` trains what it asks for\n"
    )
    let own = RecordedConsole()
    let board = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: own)
    #expect(own.errors.isEmpty)
    var part = RunSelection()
    part.seeds = [5]
    let selection = try StatusSelection(part, nil)
    #expect(throws: UsageError.nothingShown(options: "--seeds 5", runs: 4)) { try selection.chosen(from: board.read()) }
    #expect(throws: UsageError.nothingShown(options: "--seeds 5", runs: 0)) { try selection.chosen(from: []) }
  }
}
