import Foundation
import Store
import Testing
import Workbench

/// `runs list`, and which runs `runs remove` takes away by what they are.
@Suite struct RunListTests {
  let sweep: SmallSweep
  let names: [String]
  var workspace: Workspace { sweep.workspace }

  init() throws {
    sweep = try SmallSweep.trained()
    names = try sweep.workspace.runDirectories().map(\.name)
  }

  private func list(_ change: (inout RunList.Selection) -> Void = { _ in }) throws -> RunList {
    var selection = RunList.Selection()
    change(&selection)
    return try RunList(selection, in: workspace, console: RecordedConsole())
  }

  @Test func runsAreToldWithWhatTheyAreOf() throws {
    let runs = try list().runs
    #expect(runs.map(\.run) == names && runs.allSatisfy { $0.experiments == ["small"] })
    #expect(Set(runs.map { "\($0.variant ?? "") \($0.fold ?? 0)" }) == ["SAFNet 1", "SAFNet 2", "Base 1", "Base 2"])
    #expect(runs.allSatisfy { run in (run.fields?["model.aspp"] == "true") == (run.variant == "SAFNet") })
    let lines = try list().lines()
    #expect(lines[0].hasPrefix("run") && lines[0].contains("experiment  variant  fold"))
    #expect(lines[0].contains("epochs  best val  test Dice"), "\(lines[0])")
    #expect(lines.last?.contains("fields differ") == true || lines.last == "4 runs: 4 finished")
  }

  /// Of those that are shown, not of all.
  @Test func fieldsAreThoseOfTheShownRuns() throws {
    try workspace.runDirectory(named: names[0]).changeNotes { _ in RunNotes(note: "look", tags: ["paper", "x"]) }
    let tagged = try list { $0.tags = ["paper", "x"] }
    #expect(tagged.runs.map(\.run) == [names[0]] && tagged.runs[0].fields?.isEmpty != false)
    #expect(tagged.lines()[1].contains("paper x") && tagged.lines()[1].contains("look"))
    #expect(try list { $0.tags = ["paper", "y"] }.runs.isEmpty)
    #expect(throws: UsageError.unknownExperiment(name: "other", nearest: nil, known: ["small"])) {
      try list { $0.experiment = "other" }
    }
    #expect(try list { $0.state = .failed }.runs.isEmpty)
  }

  @Test func aTagThatNoRunHasIsTold() throws {
    func told(_ tag: String) throws -> String {
      let console = RecordedConsole()
      var selection = RunList.Selection()
      selection.tags = [tag]
      #expect(try RunList(selection, in: workspace, console: console).runs.count == (tag == "paper" ? 1 : 0))
      return console.errors
    }
    #expect(
      try told("x") == "notice: no run has the tag 'x'. None has any: `safnet runs tag RUN x` gives one.\n")
    try workspace.runDirectory(named: names[0]).changeNotes { _ in RunNotes(tags: ["paper", "base"]) }
    #expect(
      try told("Paper")
        == "notice: no run has the tag 'Paper', did you mean paper? There are base, paper.\n")
    #expect(try told("paper").isEmpty)
  }

  /// A method that was imported has no plan, and differs in nothing.
  @Test func whatHasNoPlanAddsNoColumns() {
    var runs = ["a", "b", "c"].map { RunStatus(run: $0, state: .finished) }
    for (place, batch) in [(0, "2"), (1, "4")] {
      runs[place].fields = RunFields(names: ["training.batch", "training.epochs"], texts: [batch, "9"])
    }
    let fields = ["training.batch", "training.epochs"].filter {
      RunFields.values(of: $0, in: runs.map(\.fields)).count > 1
    }
    #expect(fields == ["training.batch"])
  }

  @Test func whatNobodyAsksForIsUnclaimed() throws {
    let specification = try sweep.specification()
    #expect(try RemovableRuns(unclaimedBy: []).names(in: workspace).isEmpty)
    #expect(try RemovableRuns(unclaimedBy: [specification]).names(in: workspace).isEmpty)
    // The experiment asks for two runs only by now; its earlier record counts no more.
    let fewer = String(decoding: try Data(contentsOf: sweep.folder.appending(path: "small.json")), as: UTF8.self)
      .replacing("\"epochs\": 1", with: "\"epochs\": 2")
    try Data(fewer.utf8).write(to: sweep.folder.appending(path: "small.json"))
    #expect(try RemovableRuns(unclaimedBy: []).names(in: workspace).isEmpty)
    #expect(try RemovableRuns(unclaimedBy: [sweep.specification()]).names(in: workspace) == names)
  }

  @Test func whereNothingIsKnownNothingIsUnclaimed() throws {
    try FileManager.default.removeItem(at: workspace.root.appending(path: "experiments"))
    #expect(throws: UsageError.nobodyClaims(workspace: workspace.root.path)) {
      try RemovableRuns(unclaimedBy: []).names(in: workspace)
    }
  }

  /// Though others are known.
  @Test func whereARecordCannotBeReadNothingIsUnclaimed() throws {
    try workspace.write(ExperimentRecord(name: "other", variants: []))
    let record = workspace.root.appending(path: "experiments/small.json")
    try Data("{".utf8).write(to: record)
    let error = #expect(throws: UnreadableRecords.self) { try RemovableRuns(unclaimedBy: []).names(in: workspace) }
    let finding = "\(record.path), the workspace's record of an experiment, cannot be read"
    #expect(error?.description.contains("\(finding). Give `safnet run` with that experiment again, which") == true)
    let (list, status) = (RecordedConsole(), RecordedConsole())
    #expect(try RunList(in: workspace, console: list).runs.count == names.count)
    _ = try StatusBoard(workspace: workspace, of: nil, console: status).read()
    for console in [list, status] { #expect(console.errors.contains("warning: \(finding), "), "\(console.errors)") }
    try FileManager.default.removeItem(at: record)
    #expect(try RemovableRuns(unclaimedBy: []).names(in: workspace) == names)
  }

  @Test func aRunThatIsTrainedIsNeverChosenNorRemoved() throws {
    try FileManager.default.removeItem(at: workspace.root.appending(path: "experiments"))
    try workspace.write(ExperimentRecord(name: "other", variants: []))
    let journal = workspace.runDirectory(named: names[1]).journal
    let lines = try String(contentsOf: journal, encoding: .utf8).split(separator: "\n")
    try Data((lines.dropLast(2).joined(separator: "\n") + "\n").utf8).write(to: journal)
    let lock = try #require(try RunLock.acquire(workspace.runDirectory(named: names[1])))
    let choice = RemovableRuns(unclaimedBy: [])
    #expect(try choice.names(in: workspace) == names.filter { $0 != names[1] })
    var (removed, left) = ([String](), [String]())
    try workspace.remove(choice, [names[0], names[1]]) {
      removed.append($0)
    } left: {
      left.append($0)
    }
    #expect(removed == [names[0]] && left.count == 1)
    #expect(left[0].hasPrefix("\(names[1]) is being trained by process \(getpid()) on "), "\(left)")
    let asked = #expect(throws: UsageError.self) { try RemovableRuns(state: .running).names(in: workspace) }
    let words = "a run that is being trained is not removed:\n  \(names[1]) is being trained by process \(getpid()) on "
    #expect(
      asked?.description.hasPrefix(words) == true
        && asked?.description.contains("Interrupt its `safnet run` first") == true, "\(left)")
    lock.release()
    #expect(try RemovableRuns(state: .running).names(in: workspace).isEmpty)
    #expect(
      RemovableRuns(state: .running).nothingChosen(in: workspace)
        == "No run here is running; 1 is stale (--state stale takes it).")
    let failed = RemovableRuns(state: .failed).nothingChosen(in: workspace)
    #expect(failed == "No run here is failed; `safnet status` shows the states of all.")
    let spared = try RemovableRuns(state: .finished, unclaimedBy: [sweep.specification()])
    #expect(
      spared.nothingChosen(in: workspace)
        == "2 runs here are finished, and asked for by an experiment or imported: `safnet runs remove NAME` takes such by"
        + " name.")
    let states = RemovableRuns(state: .stale)
    #expect(try states.names(in: workspace) == [names[1]])
    try workspace.remove(RemovableRuns(state: .failed), [names[1]]) {
      removed.append($0)
    } left: {
      left.append($0)
    }
    #expect(left.last == "\(names[1]) is no longer failed" && removed.count == 1)
  }
}
