import Foundation
import Store
import System
import Testing
import Training
import Workbench

@Suite struct RunLookupTests {
  let sweep: SmallSweep
  let names: [String]
  var workspace: Workspace { sweep.workspace }

  init() throws {
    sweep = try SmallSweep.trained()
    names = try sweep.workspace.runDirectories().map(\.name)
  }

  @Test func aRunIsFoundByItsNameOrByItsFirstLetters() throws {
    #expect(try workspace.run(named: names[0]).name == names[0])
    #expect(try workspace.run(named: String(names[0].dropLast(4))).name == names[0])
    #expect(throws: UsageError.self) { try workspace.run(named: String(names[0].dropLast()), exactly: true) }
  }

  /// Each with its fold and with what tells it from the others.
  @Test func runsThatBeginAlikeAreListed() throws {
    let error = #expect(throws: UsageError.self) { try workspace.run(named: "safnet") }
    let lines = try #require(error?.description.split(separator: "\n").map(String.init))
    #expect(lines[0] == "4 runs in \(workspace.root.path) begin with 'safnet'; give more of the name of one:")
    for (line, name) in zip(lines.dropFirst(), names) {
      #expect(line.hasPrefix("  \(name)  ") && line.contains("  finished") && !line.contains("model."), "\(line)")
    }
    #expect(lines.dropFirst().filter { $0.contains("  SAFNet  fold 1  ") }.count == 1)
    #expect(lines.dropFirst().filter { $0.contains("  Base    fold 2  ") }.count == 1)
    // Of several experiments, by those.
    let record = try #require(workspace.experimentRecords().first)
    for (name, variants) in [(record.name, record.variants.filter { $0.name == "Base" }), ("other", record.variants)] {
      var part = ExperimentRecord(name: name, variants: variants)
      if name == "other" { part.variants = variants.filter { $0.name != "Base" } }
      try workspace.write(part)
    }
    let shared = #expect(throws: UsageError.self) { try workspace.run(named: "safnet") }
    let rows = shared?.description.split(separator: "\n") ?? []
    #expect(rows.filter { $0.contains("  other  SAFNet  fold 1  ") }.count == 1, "\(rows)")
    #expect(rows.filter { $0.contains("  small  Base    fold 2  ") }.count == 1, "\(rows)")
    // Where nobody knows the variants, by the fields that differ; not by all of them.
    try FileManager.default.removeItem(at: workspace.root.appending(path: "experiments"))
    let nameless = #expect(throws: UsageError.self) { try workspace.run(named: "safnet") }
    let told = try #require(nameless?.description.split(separator: "\n").dropFirst())
    #expect(told.filter { $0.contains("  safnet  fold 1  finished  model.aspp: true, ") }.count == 1, "\(told)")
    #expect(told.allSatisfy { $0.hasSuffix(" 2 more") && $0.count < 140 }, "\(told)")
    // Of one variant: the same prefix, two folds.
    let base = names.filter { $0.hasPrefix("safnet-base") }
    if base.count == 2 {
      let two = #expect(throws: UsageError.self) { try workspace.run(named: "safnet-base-f") }
      #expect(two?.description.contains("fold 1") == true && two?.description.contains("fold 2") == true)
    }
    #expect(throws: UsageError.unknownRun(name: "safnett", workspace: workspace.root.path, nearest: nil)) {
      try workspace.run(named: "safnett")
    }
    // What is advised looks where the run was looked for.
    let list = "`safnet runs list --workspace \(workspace.root.path)` shows all"
    let words = UsageError.unknownRun(name: "x", workspace: workspace.root.path, nearest: nil).description
    #expect(words.contains(list), "\(words)")
    #expect(
      UsageError.unknownRun(name: "x", workspace: "Workspace", nearest: nil).description.contains(
        "`safnet runs list` shows"))
  }

  @Test func aRunIsFoundByTheIdentityOfItsPlan() throws {
    let identity = try workspace.run(named: names[1]).readPlan().identity
    for digits in [6, 12, 20, 64] {
      #expect(try workspace.run(named: String(identity.prefix(digits))).name == names[1])
    }
    #expect(throws: UsageError.self) { try workspace.run(named: String(identity.prefix(5))) }
    let exact = #expect(throws: UsageError.self) { try workspace.run(named: identity, exactly: true) }
    #expect(exact?.description.contains("Did you mean \(names[1])?") == true, "\(exact?.description ?? "")")
  }

  /// As messages call it.
  @Test func aRunIsFoundByItsLabel() throws {
    let run = try workspace.run(named: "SAFNet, fold 1")
    let plan = try run.plan()
    #expect(plan.fold.number == 1 && !run.name.hasPrefix("safnet-base-"))
    let others = [
      "SAFNet fold 1", "SAFNet,fold 1", "SAFNet, fold1", "SAFNet, f1", "Fold 1, SAFNet", "fold 1 of safnet",
    ]
    for label in others {
      #expect(try workspace.run(named: label).name == run.name, "\(label)")
    }
    #expect(try workspace.run(named: "SAFNet, fold 1, seed \(plan.training.seed)").name == run.name)
    for label in ["SAFNet, fold 3", "Nobody, fold 1", "SAFNet, fold 1, seed 7"] {
      #expect(throws: UsageError.unknownRun(name: label, workspace: workspace.root.path, nearest: nil)) {
        try workspace.run(named: label)
      }
    }
    // What removes wants the name.
    let exact = #expect(throws: UsageError.self) { try workspace.run(named: "SAFNet, fold 1", exactly: true) }
    #expect(exact?.description.contains("Did you mean \(run.name)?") == true)
  }

  @Test func aPatternIsNoRun() throws {
    let error = #expect(throws: UsageError.self) { try workspace.remove(["safnet-base-*"], confirmed: true) { _ in } }
    let own = names.filter { $0.hasPrefix("safnet-base-") }
    #expect(
      error?.description
        == "'safnet-base-*' is a pattern, and runs are called by their names here: \(own.joined(separator: " "))")
    #expect(throws: UsageError.patternForRun(name: "un?t", workspace: workspace.root.path, matching: [])) {
      try workspace.run(named: "un?t")
    }
  }

  /// Of a run that was copied to where no workspace is.
  @Test func theNetworkOfACopiedRunLeadsToItsFolder() throws {
    let run = workspace.runDirectory(named: names[0])
    let copy = sweep.folder.appending(path: names[0])
    try FileManager.default.copyItem(at: run.url, to: copy)
    let elsewhere = Workspace(sweep.folder.appending(path: "Nowhere"))
    let error = #expect(throws: UsageError.self) {
      try elsewhere.run(named: copy.appending(path: "best.h5").path, takesVariants: true)
    }
    #expect(error?.description.contains("give \(copy.path) in its place, and --checkpoint best") == true)
  }

  /// What removes proposes no run of several.
  @Test func removalByABeginningListsAllThatBeginSo() throws {
    let error = #expect(throws: UsageError.self) { try workspace.remove(["safnet"], confirmed: true) { _ in } }
    let words = error?.description ?? ""
    #expect(words.hasPrefix("4 runs in \(workspace.root.path) begin with 'safnet'; give the whole name of one:\n"))
    #expect(names.allSatisfy(words.contains))
  }

  @Test func removalNeedsConfirmation() throws {
    #expect(throws: UsageError.needsConfirmation(runs: 2)) {
      try workspace.remove(Array(names[..<2]), confirmed: false) { _ in }
    }
    #expect(try workspace.runDirectories().count == 4)
  }

  @Test func nothingIsRemovedWhenOneNameIsUnknown() throws {
    #expect(throws: UsageError.self) { try workspace.remove([names[0], "nobody"], confirmed: true) { _ in } }
    #expect(try workspace.runDirectories().count == 4)
  }

  @Test func aRunThatIsBeingTrainedStays() throws {
    let lock = try #require(try RunLock.acquire(workspace.run(named: names[1])))
    defer { lock.release() }
    var removed: [String] = []
    let error = #expect(throws: UsageError.self) {
      try workspace.remove(Array(names[..<3]), confirmed: true) { removed.append($0) }
    }
    #expect(throws: UsageError.self) { try workspace.removable(Array(names[..<3])) }
    let words = error?.description ?? ""
    #expect(
      words.hasPrefix(
        "a run that is being trained is not removed:\n  \(names[1]) is being trained by process \(getpid()) on"
          + " \(Machine.hostName), last heard of 0"))
    #expect(words.contains(" s ago. Interrupt its `safnet run` first.\n"), "\(words)")
    let later = "`safnet runs remove \(names[1]) --workspace \(workspace.root.relativePath) --yes` takes it"
    #expect(words.hasSuffix(later), "\(words)")
    #expect(removed.isEmpty)
    #expect(try workspace.runNames() == names)
  }

  /// The link alone is taken away, and nobody trains that.
  @Test func aLinkToARunThatIsBeingTrainedIsRemoved() throws {
    let run = try workspace.run(named: names[1])
    let lock = try #require(try RunLock.acquire(run))
    defer { lock.release() }
    let link = workspace.runsFolder.appending(path: "linked")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: run.url)
    var removed: [String] = []
    try workspace.remove(["linked"], confirmed: true) { removed.append($0) }
    #expect(removed == ["linked"])
    #expect(try workspace.runNames() == names)
  }

  /// By a path, as a shell completes it; a file of a run is told the run.
  @Test func aPathNamesARunToo() throws {
    let directory = workspace.runDirectory(named: names[0])
    #expect(try workspace.run(named: directory.url.path).name == names[0])
    #expect(try workspace.run(named: directory.url.path + "/").name == names[0])
    for (file, option) in [(directory.bestCheckpoint, "best"), (directory.lastCheckpoint, "last")] {
      let told = UsageError.partForRun(name: file.path, run: names[0], option: "--checkpoint \(option)")
      #expect(throws: told) { try workspace.run(named: file.path, takesVariants: true) }
      #expect(throws: UsageError.partForRun(name: file.path, run: names[0], option: nil)) {
        try workspace.run(named: file.path)
      }
    }
    let journal = directory.journal.path
    #expect(throws: UsageError.partForRun(name: journal, run: names[0], option: nil)) {
      try workspace.run(named: journal)
    }
    #expect(throws: UsageError.self) { try workspace.run(named: sweep.folder.path) }
  }

  /// Who is to name a run for a prediction is given those that have a network; one that has none is told so.
  @Test func aRunWithoutANetworkIsNotNamedForAPrediction() throws {
    let claims = try #require(workspace.experimentRecords().first { $0.name == "small" })
    let own = try #require(claims.variants.first { $0.name == "Base" }).runs
    let bare = workspace.runDirectory(named: own[0])
    try FileManager.default.removeItem(at: bare.bestCheckpoint)
    let lines = try String(contentsOf: bare.journal, encoding: .utf8).split(separator: "\n")
    try Data((lines.dropLast(2).joined(separator: "\n") + "\n").utf8).write(to: bare.journal)
    #expect(try bare.state() == .stale)
    func named(_ takesVariants: Bool) throws -> [String] {
      let error = #expect(throws: UsageError.self) { try workspace.run(named: "Base", takesVariants: takesVariants) }
      guard case .variantForRun(_, let owners)? = error else { return [] }
      return owners.flatMap(\.runs)
    }
    #expect(try named(true) == [own[1]])
    #expect(try named(false) == own)
    let session = PredictionSession(
      runs: .named([bare.name]), inputs: [sweep.path("phantom/MR/Case1.nii.gz")], output: sweep.path("out"))
    #expect(throws: StoreError.damaged(file: bare.bestCheckpoint.path, .lost)) {
      try session.run(in: workspace, program: SmallSweep.program, console: RecordedConsole())
    }
    #expect(!FileManager.default.fileExists(atPath: sweep.path("out")))
  }

  @Test func removedRunsLeaveTheStatus() throws {
    #expect(try StatusBoard(workspace: workspace, runs: nil).read().count == 4)
    try workspace.remove([names[3]], confirmed: true) { _ in }
    #expect(try StatusBoard(workspace: workspace, runs: nil).read().map(\.run) == Array(names[..<3]))
    let planned = try StatusBoard(workspace: workspace, of: sweep.specification(), console: RecordedConsole())
    #expect(try planned.read().map(\.state.rawValue).sorted() == ["finished", "finished", "finished", "queued"])
  }
}
