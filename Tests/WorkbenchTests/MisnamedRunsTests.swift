import Foundation
import Store
import Testing
import Training
import Workbench

/// Folders of runs that somebody renamed or copied.
@Suite struct MisnamedRunsTests {
  let sweep: SmallSweep
  let names: [String]
  var workspace: Workspace { sweep.workspace }

  init() throws {
    sweep = try SmallSweep.trained()
    names = try sweep.workspace.runNames()
  }

  private func place(_ name: String) -> URL { workspace.runsFolder.appending(path: name) }

  /// What each command says of it: of all runs, of an experiment's, before training, and in a report.
  private func told() throws -> [String] {
    let consoles = (0..<4).map { _ in RecordedConsole() }
    _ = try RunList(in: workspace, console: consoles[0])
    _ = try StatusBoard(workspace: workspace, of: sweep.specification(), console: consoles[1]).read()
    var settings = SweepSession.Settings()
    settings.dryRun = true
    _ = try sweep.session(consoles[2], settings: settings).run(stop: StopFlag())
    _ = try ReportSession(
      specification: sweep.specification(), workspace: workspace, output: sweep.path("report"),
      program: SmallSweep.program, console: consoles[3])
    return consoles.map(\.errors)
  }

  @Test func wellNamedRunsAreNotMentioned() throws {
    #expect(try MisnamedRuns(in: workspace).sentences.isEmpty)
    #expect(try MisnamedRuns.sentence(of: workspace.run(named: names[0])) == nil)
  }

  /// A name that no run has, and one that looks like a run's: only who knows what is asked for sees that.
  @Test(arguments: ["mybest", "old-"]) func aRenamedRunIsToldItsName(name: String) throws {
    let other = name == "old-" ? name + names[0] : name
    try FileManager.default.moveItem(at: place(names[0]), to: place(other))
    let words =
      "\(other) in \(workspace.runsFolder.path) holds the run \(names[0]), which no experiment finds under this name; name it"
      + " back: mv -T \(place(other).path) \(place(names[0]).path)"
    for (number, errors) in try told().enumerated() {
      #expect(errors.contains(words) == (number > 0 || name == "mybest"), "\(number): \(errors)")
    }
    #expect(MisnamedRuns.sentence(of: workspace.runDirectory(named: other)) == words)
  }

  @Test(arguments: ["-copy", ""]) func aCopyIsToldFromTheRunThatCounts(ending: String) throws {
    let copy = ending.isEmpty ? "copy-of-" + names[0] : names[0] + ending
    try FileManager.default.copyItem(at: place(names[0]), to: place(copy))
    let words =
      "\(copy) in \(workspace.runsFolder.path) holds the run \(names[0]), which is there too and is the one that counts; remove"
      + " this one (`safnet runs remove \(copy)`), or move it away"
    for errors in try told() { #expect(errors.contains(words), "\(errors)") }
  }

  /// Named back one after the other, one folder would end up inside the other.
  @Test func exchangedRunsAreToldThreeSteps() throws {
    let (one, other, aside) = (place(names[0]), place(names[1]), place(names[1] + ".moved"))
    func exchange(_ steps: [(URL, URL)]) throws {
      for (from, to) in steps { try FileManager.default.moveItem(at: from, to: to) }
    }
    let steps = [(other, aside), (one, other), (aside, one)]
    try exchange(steps)
    let words = try #require(MisnamedRuns.sentence(of: workspace.runDirectory(named: names[0])))
    let commands = steps.map { "mv -T \($0.path) \($1.path)" }.joined(separator: " && ")
    #expect(words.hasSuffix("holds \(names[0]); exchange their names: \(commands)"), "\(words)")
    try exchange(steps)
    #expect(MisnamedRuns.sentence(of: workspace.runDirectory(named: names[0])) == nil)
  }

  @Test func aWorkspaceWhoseRunsAreGoneSaysSo() throws {
    try FileManager.default.moveItem(at: workspace.runsFolder, to: workspace.root.appending(path: "runs-old"))
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: workspace, of: sweep.specification(), console: console).read()
    let words =
      "runs were begun in the workspace \(workspace.root.path), as its folder experiments tells, and its folder runs is not there"
    #expect(console.errors.contains(words), "\(console.errors)")
    var settings = SweepSession.Settings()
    settings.dryRun = true
    let run = RecordedConsole()
    _ = try sweep.session(run, settings: settings).run(stop: StopFlag())
    #expect(run.errors.contains("warning: \(words)"), "\(run.errors)")
    #expect(!Workspace(sweep.folder.appending(path: "new")).hasLostRuns)
  }

  /// Two names that were exchanged change two rows of every table, and nothing else tells it.
  @Test func variantsThatChangedTheirNamesAreTold() throws {
    let sweep = try SmallSweep.trained()
    let file = sweep.folder.appending(path: "small.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    func told(_ changed: String) throws -> [String] {
      try Data(changed.utf8).write(to: file)
      let (status, report, run) = (RecordedConsole(), RecordedConsole(), RecordedConsole())
      _ = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: status).read()
      _ = try ReportSession(
        specification: sweep.specification(), workspace: sweep.workspace, output: sweep.path("report"),
        program: SmallSweep.program, console: report)
      var settings = SweepSession.Settings()
      settings.dryRun = true
      _ = try sweep.session(run, settings: settings).run(stop: StopFlag())
      return [status, report, run].map(\.errors)
    }
    let words = "since the last `safnet run` of this experiment names have changed: "
    #expect(try told(text).allSatisfy { !$0.contains(words) })
    let exchanged = text.replacing("\"Base\"", with: "\"X\"").replacing("\"SAFNet\"", with: "\"Base\"")
      .replacing("\"X\"", with: "\"SAFNet\"")
    for errors in try told(exchanged) {
      #expect(errors.contains(words) && errors.contains("SAFNet was called Base"), "\(errors)")
      #expect(errors.contains("Base was called SAFNet"), "\(errors)")
    }
    for errors in try told(text.replacing("\"Base\"", with: "\"Plain\"")) {
      #expect(errors.contains("names have changed: Plain was called Base. "), "\(errors)")
    }
  }
}
