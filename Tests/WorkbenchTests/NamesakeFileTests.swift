import Experiments
import Foundation
import Scheduling
import Store
import Testing
import Training
import Workbench

/// Two files whose experiments have one name, in one workspace.
@Suite struct NamesakeFileTests {
  /// The record is of the file that was run last: what the first has trained is found all the same.
  @Test(arguments: [1, 2]) func anotherFileOfTheNameHidesNoRuns(epochs: Int) throws {
    let sweep = try SmallSweep.trained()
    let (first, second) = (sweep.folder.appending(path: "small.json"), sweep.folder.appending(path: "second.json"))
    let text = try String(contentsOf: first, encoding: .utf8)
    try Data(text.replacing("\"epochs\": 1", with: "\"epochs\": \(epochs)").utf8).write(to: second)
    func run(_ file: URL, in workspace: Workspace) throws {
      var settings = SweepSession.Settings()
      (settings.executor, settings.isWorkspaceAsked, settings.selection.only) = ("here", false, ["Base"])
      let session = SweepSession(
        specification: try Specification.load(file), workspace: workspace, settings: settings,
        program: SmallSweep.program, machine: .init(cores: 2, freeMemory: 1 << 40),
        executors: ExecutorList([.here()]), console: RecordedConsole())
      _ = try session.run(stop: StopFlag())
    }
    try run(second, in: sweep.workspace)
    let elsewhere = Workspace(sweep.folder.appending(path: "sub/Workspace"))
    for (file, runs) in [(first, 4), (second, epochs == 1 ? 4 : 6)] {
      let error = #expect(throws: RunsElsewhere.self) { try run(file, in: elsewhere) }
      #expect(
        error?.runs == runs && error?.other == sweep.workspace.root.path,
        "\(file.lastPathComponent): \(error?.description ?? "")")
    }
  }

  /// Two files of one name: the second says so, and what the first has trained is not unclaimed.
  @Test func anotherFileOfTheNameIsToldAndKeepsItsRuns() throws {
    let sweep = try SmallSweep.trained()
    let names = try sweep.workspace.runNames()
    let first = sweep.folder.appending(path: "small.json")
    // By a way that the copy of a project keeps.
    #expect(sweep.workspace.experimentRecords().first { $0.name == "small" }?.file == "../small.json")
    let second = sweep.folder.appending(path: "second.json")
    let text = try String(contentsOf: first, encoding: .utf8).replacing("\"epochs\": 1", with: "\"epochs\": 2")
    try Data(text.utf8).write(to: second)
    func run(_ file: URL) throws -> String {
      let console = RecordedConsole()
      var settings = SweepSession.Settings()
      settings.executor = "here"
      settings.selection.only = ["Base"]
      let session = SweepSession(
        specification: try Specification.load(file), workspace: sweep.workspace, settings: settings,
        program: SmallSweep.program, machine: .init(cores: 2, freeMemory: 1 << 40),
        executors: ExecutorList([.here()]), console: console)
      _ = try session.run(stop: StopFlag())
      return console.errors
    }
    #expect(try !run(first).contains("the name small"))
    let told = try run(second)
    #expect(
      told.contains(
        "warning: the name small is that of \(first.resolvingSymlinksInPath().path), too, of which"
          + " \(sweep.workspace.root.path) holds 4 runs: "), "\(told)")
    try ownRunsAreListed(sweep, first, second)
    let removable = { (files: [URL]) in
      try RemovableRuns(unclaimedBy: files.map { try Specification.load($0) }).names(in: sweep.workspace)
    }
    #expect(try removable([]).isEmpty && removable([second]).isEmpty && removable([first]).isEmpty)
    // What a file asks for no more is nobody's, and that of a file with mistakes is kept.
    try Data("{".utf8).write(to: first)
    #expect(try removable([second]).isEmpty)
    try Data(text.replacing("\"epochs\": 2", with: "\"epochs\": 3").utf8).write(to: first)
    #expect(try removable([second]) == names.filter { !$0.isEmpty })
    try FileManager.default.removeItem(at: first)
    #expect(try removable([second]) == names)
    let words = try sweep.workspace.summaries(of: names)
    #expect(
      words.count == 4
        && words.values.allSatisfy { $0.contains("  small (earlier)  ") && $0.hasSuffix("  finished  1 of 1 epoch") })
    #expect(words[names[0]]?.hasPrefix("\(names[0])  small (earlier)  Base") == true, "\(words)")
  }

  /// By the file each has its own runs, by the name all are shown and none is an earlier one.
  private func ownRunsAreListed(_ sweep: SmallSweep, _ first: URL, _ second: URL) throws {
    func list(_ file: URL?) throws -> (runs: [RunStatus], lines: [String], errors: String) {
      let console = RecordedConsole()
      var selection = RunList.Selection()
      (selection.experiment, selection.file) = ("small", file)
      let list = try RunList(selection, in: sweep.workspace, console: console)
      return (list.runs, list.lines(), console.errors)
    }
    let (own, other, all) = (try list(first), try list(second), try list(nil))
    #expect(own.runs.count == 4 && own.runs.allSatisfy { $0.files == ["../small.json"] }, "\(own.lines)")
    #expect(other.runs.map(\.variant) == ["Base", "Base"] && other.runs.allSatisfy { $0.files == ["../second.json"] })
    #expect(Set(own.runs.map(\.run)).isDisjoint(with: other.runs.map(\.run)) && all.runs.count == 6)
    #expect(
      own.errors.contains("is that of \(second.resolvingSymlinksInPath().path), too: 2 runs of it are not shown;"),
      "\(own.errors)")
    #expect(
      other.errors.contains(": 4 runs of it are not shown; --experiment small shows those of all files"),
      "\(other.errors)")
    #expect(all.errors.isEmpty && !all.lines.contains { $0.contains("(earlier)") })
    #expect(all.lines.count { $0.contains("  small (small.json)  ") } == 4)
    #expect(all.lines.count { $0.contains("  small (second.json)  Base ") } == 2)
    // Of a variant that both have, either can be given.
    let error = #expect(throws: UsageError.self) { try sweep.workspace.run(named: "Base", takesVariants: true) }
    let words = error?.description ?? ""
    #expect(words.contains("second.json --variant Base") && words.contains("small.json --variant Base"), "\(words)")
    // Runs that look alike but for their plans.
    let alike = try sweep.workspace.summaries(of: all.runs.map(\.run)).values
    #expect(
      alike.count { $0.hasSuffix("training.epochs: 2") } == 2 && alike.count { $0.hasSuffix("training.epochs: 1") } == 2
    )
  }
}
