import Experiments
import Foundation
import Store
import TestSupport
import Testing
import Training
import Workbench

/// After a look with `--set` the workspace's record is of that look: what the file asks for is found all the same.
@Suite struct RecordedLookTests {
  private let sweep: SmallSweep
  /// Of the file's own runs.
  private let names: [String]
  private var workspace: Workspace { sweep.workspace }

  init() throws {
    sweep = try SmallSweep.trained()
    names = try sweep.workspace.runDirectories().map(\.name)
    try look(["training.epochs=2"])
  }

  /// Trains the first fold of SAFNet with other settings.
  private func look(_ overrides: [String]) throws {
    var settings = SweepSession.Settings()
    (settings.selection.only, settings.selection.folds) = (["SAFNet"], [1])
    _ = try sweep.session(RecordedConsole(), settings: settings, overrides: overrides).run(stop: StopFlag())
  }

  private func list(file: Bool) throws -> (runs: [RunStatus], errors: String) {
    var selection = RunList.Selection()
    selection.experiment = "small"
    selection.file = file ? sweep.folder.appending(path: "small.json") : nil
    let console = RecordedConsole()
    return (try RunList(selection, in: workspace, console: console).runs, console.errors)
  }

  @Test func aListByTheFileIsOfWhatItAsksForNow() throws {
    let (own, told) = try list(file: true)
    #expect(own.map(\.run) == names)
    #expect(own.allSatisfy { $0.experiments == ["small"] && $0.formerly == nil })
    #expect(told.contains("notice: 1 further run of small is of other plans than small.json has now"), "\(told)")
    // By the name all are shown, those of the look too.
    let all = try list(file: false).runs
    #expect(all.count == 5 && Set(names).isSubset(of: all.map(\.run)))
    // The record may be gone.
    try FileManager.default.removeItem(at: workspace.root.appending(path: "experiments"))
    #expect(try list(file: true).runs.map(\.run) == names)
  }

  /// The file's own run has finished in its place, so that nothing is missing; the other is told all the same.
  @Test func whatWasTrainedWithOptionsIsToldBesideTheFilesOwnRuns() throws {
    try pretend("training.epochs=2")
    let words =
      "notice: 1 further run of SAFNet (1 finished) is of small as --set training.epochs=2 changes it, which this command was not"
      + " given, and is left out here; the same command with --set training.epochs=2 shows it\n"
    try expect(toldByLooking(), [words, words])
    // The other way round.
    let plain =
      "notice: 1 further run of SAFNet (1 finished) is of small without this --set, or as it was before (was and is:"
      + " training.epochs: was 1, is 2), and is left out here; `safnet runs list --experiment small` shows it\n"
    try expect(toldByLooking(["training.epochs=2"]), [plain, plain])
    // Several, one of them not whole.
    var settings = SweepSession.Settings()
    settings.selection.only = ["SAFNet"]
    _ = try sweep.session(RecordedConsole(), settings: settings, overrides: ["training.epochs=2"]).run(stop: StopFlag())
    try pretend("training.epochs=2")
    let second = try #require(workspace.runNames().first { !names.contains($0) && $0.hasPrefix("safnet-f2") })
    let journal = workspace.runDirectory(named: second).journal
    let lines = try String(contentsOf: journal, encoding: .utf8).split(separator: "\n")
    try Data((lines.dropLast(2).joined(separator: "\n") + "\n").utf8).write(to: journal)
    let two = words.replacing(
      "1 further run of SAFNet (1 finished) is", with: "2 further runs of SAFNet (1 finished, 1 not finished) are"
    )
    .replacing("and is left", with: "and are left").replacing("shows it", with: "shows them")
    try expect(toldByLooking(), [two, two])
    // Of another experiment that lies in the same workspace nothing is told.
    #expect(try toldByLooking(name: "other").allSatisfy { !$0.contains("further run") })
  }

  /// An edit of the file, and another training.
  @Test func whatAnEditLeftBehindIsToldBesideWhatWasTrainedAfterIt() throws {
    try workspace.remove(
      workspace.runNames().filter { !names.contains($0) }, confirmed: true
    ) { _ in }
    try expect(toldByLooking(), ["", ""])
    let file = sweep.folder.appending(path: "small.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try Data(text.replacing(#""epochs": 1"#, with: #""epochs": 2"#).utf8).write(to: file)
    #expect(try String(contentsOf: file, encoding: .utf8) != text)
    _ = try sweep.session(RecordedConsole()).run(stop: StopFlag())
    let words =
      "notice: 4 further runs of SAFNet, Base (4 finished) are of small as it was before (was and is: training.epochs: was 1, is 2),"
      + " and are left out here; `safnet runs list --experiment small` shows them\n"
    try expect(toldByLooking(), [words, words])
  }

  private func expect(_ told: [String], _ words: [String]) throws { #expect(told == words, "\(told)") }

  /// That they were begun with an option.
  private func pretend(_ option: String) throws {
    for run in try workspace.runDirectories() where !names.contains(run.name) {
      try run.pretend(commandLine: ["safnet", "run", "small.json", "--set", option])
    }
  }

  /// Of other runs, by `status` and by `report`.
  private func toldByLooking(_ overrides: [String] = [], name: String? = nil) throws -> [String] {
    let (status, report) = (RecordedConsole(), RecordedConsole())
    var specification = try sweep.specification(overrides)
    if let name { specification.name = name }
    _ = try StatusBoard(workspace: workspace, of: specification, console: status).read()
    var settings = ReportSession.Settings()
    (settings.file, settings.force) = (sweep.folder.appending(path: "small.json"), true)
    try? ReportSession(
      specification: specification, workspace: workspace, output: sweep.folder.appending(path: "report").path,
      settings: settings, program: SmallSweep.program, console: report
    ).write([.json], searchPath: "", console: report)
    return [status, report].map { console in
      console.errors.split(separator: "\n").filter { $0.contains("further run") }.map { "\($0)\n" }.joined()
    }
  }

  @Test func aVariantOfTwoPlansIsToldWithWhatDiffers() throws {
    for several in [true, false] {
      let error = #expect(throws: UsageError.self) { try workspace.runs(named: "SAFNet", takesSeveral: several) }
      let lines = try #require(error?.description.split(separator: "\n").map(String.init))
      #expect(
        lines[0].hasPrefix("'SAFNet' is a variant of small, and its finished runs are of 2 plans. Name what is meant"))
      #expect(lines[0].contains("--variant SAFNet`") == several, "\(lines)")
      let of = lines.dropFirst().map {
        $0.contains("training.epochs: 1") ? 1 : $0.contains("training.epochs: 2") ? 2 : 0
      }
      #expect(of.sorted() == [1, 1, 2], "\(lines)")
      #expect(lines.dropFirst().filter { $0.contains("fold 1") }.count == 2)
    }
  }

  @Test func aVariantOfOnePlanIsTaken() throws {
    let base = names.filter { $0.hasPrefix("safnet-base-") }
    let all = try workspace.runs(named: "Base", takesSeveral: true)
    #expect(all.directories.map(\.name) == base && all.notTaken.isEmpty)
    #expect(
      all.notice
        == "'Base' is a variant of small; its finished runs are \(base[0]) (fold 1), \(base[1]) (fold 2)")
    let one = try workspace.runs(named: "base", takesSeveral: false)
    #expect(one.directories.map(\.name) == [base[1]])
    #expect(one.notice?.contains("the newest of its 2 finished runs is \(base[1]) (fold 2)") == true)
    #expect(try workspace.runs(named: base[0], takesSeveral: false).notice == nil)
    let chosen = try PredictionRuns(.named(["Base"]), in: workspace)
    #expect(chosen.directories.map(\.name) == base && chosen.coverage == all.notice)
    // Of one that is not finished it is said that it is left out.
    let bare = workspace.runDirectory(named: base[1])
    let lines = try String(contentsOf: bare.journal, encoding: .utf8).split(separator: "\n")
    try Data((lines.dropLast(2).joined(separator: "\n") + "\n").utf8).write(to: bare.journal)
    let left = try workspace.runs(named: "Base", takesSeveral: true)
    #expect(left.directories.map(\.name) == [base[0]] && left.notTaken == ["\(base[1]) (stale)"])
    #expect(left.notice?.hasSuffix("; its finished run is \(base[0]) (fold 1); not taken: \(base[1]) (stale)") == true)
  }

  /// A label is of every plan too.
  @Test func aLabelOfTwoPlansIsNotGuessed() throws {
    let error = #expect(throws: UsageError.self) { try workspace.run(named: "SAFNet, fold 1") }
    let words = error?.description ?? ""
    #expect(
      words.hasPrefix("2 runs in \(workspace.root.path) are SAFNet, fold 1, by different plans; name"), "\(words)")
    #expect(words.contains("training.epochs: 1") && words.contains("training.epochs: 2"))
    #expect(try names.contains(workspace.run(named: "SAFNet, fold 2").name))
  }

  /// Where the plans differ in nothing but the dataset's content, that is said.
  @Test func contentsTellPlansApart() throws {
    let mask = sweep.folder.appending(path: "phantom/Mask/mask_case2.nii.gz")
    var bytes = try Data(contentsOf: mask)
    // Gzip's operating system.
    bytes[9] = bytes[9] == 11 ? 3 : 11
    try bytes.write(to: mask)
    try look([])
    let error = #expect(throws: UsageError.self) { try workspace.runs(named: "SAFNet", takesSeveral: false) }
    #expect(error?.description.contains("are of 3 plans") == true, "\(error?.description ?? "")")
    try workspace.remove(
      workspace.runNames().filter { !names.contains($0) && $0.hasPrefix("safnet-f1") }.filter {
        try workspace.runDirectory(named: $0).plan().training.epochs == 2
      }, confirmed: true
    ) { _ in }
    let two = #expect(throws: UsageError.self) { try workspace.runs(named: "SAFNet", takesSeveral: false) }
    let rows = two?.description.split(separator: "\n").dropFirst() ?? []
    #expect(rows.count == 3 && rows.allSatisfy { $0.contains("dataset.digest: ") }, "\(rows)")
  }

  @Test func whatTheFileAsksForIsClaimed() throws {
    #expect(try RemovableRuns(unclaimedBy: []).names(in: workspace).isEmpty)
    // Once the file asks for something else, it is not.
    let file = sweep.folder.appending(path: "small.json")
    let text = try String(contentsOf: file, encoding: .utf8).replacing("\"batch\": 2", with: "\"batch\": 1")
    try Data(text.utf8).write(to: file)
    #expect(try RemovableRuns(unclaimedBy: []).names(in: workspace) == names)
  }

  /// Whatever way an option takes to what it changes.
  @Test(arguments: ["variants.SAFNet.training.epochs=2", "training.epochs=2"])
  func runsOfASetAreToldByIt(option: String) throws {
    try pretend(option)
    try workspace.remove(names, confirmed: true) { _ in }
    let console = RecordedConsole()
    _ = try StatusBoard(workspace: workspace, of: sweep.specification(), console: console).read()
    #expect(
      console.errors.contains(
        "notice: 1 finished run is of this experiment as --set \(option) changes it, which this command was not given (was there"
          + " and is here):\n  SAFNet fold 1: training.epochs: was 2, is 1"), "\(console.errors)")
  }
}
