import Foundation
import Store
import TestSupport
import Testing

/// Files of another run in the folder of this one.
@Suite struct ForeignFilesTests {
  private static func name(_ plan: String) -> String { "safnet-f1-\(sha256(plan).prefix(12))" }

  /// Two finished runs, named as `safnet run` names them.
  private func runs(in folder: URL) throws -> (own: RunDirectory, other: RunDirectory) {
    let runs = try ["plan", "other"].map { plan in
      let made = try RunFlawTests.finished(in: folder.appending(path: plan), plan: plan)
      let run = RunDirectory(folder.appending(path: Self.name(plan)))
      try FileManager.default.moveItem(at: made.url, to: run.url)
      return run
    }
    return (runs[0], runs[1])
  }

  private func create(_ plan: String, _ run: RunDirectory) throws -> RunDirectory.Creation {
    try run.create(planJSON: Data(plan.utf8), identity: sha256(plan), environment: Fixture.environment())
  }

  @Test func aPlanOfAnotherRunAloneIsWrittenAnew() throws {
    try withTemporaryFolder { folder in
      let (own, other) = try runs(in: folder)
      try Data(contentsOf: other.planFile).write(to: own.planFile)
      let cause = "is damaged: it is another run's"
      #expect(try own.flaws(.glance) == [RunFlaw(file: "plan.json", cause: cause, isNeeded: true)])
      #expect(try own.state() == .damaged)
      #expect(try own.planIfIntact() == nil && own.occupant(insteadOf: sha256("plan")) == nil)
      #expect(try create("plan", own) == .restored("was damaged: it is another run's"))
      #expect(try own.flaws(.full) == [] && own.state() == .finished)
    }
  }

  /// Nothing was trained there that could be lost.
  @Test func aPlanOfAnotherRunWithoutAnythingElseIsWrittenAnew() throws {
    try withTemporaryFolder { folder in
      let other = try runs(in: folder).other
      let own = RunDirectory(folder.appending(path: Self.name("third")))
      #expect(try create("third", own) == .made)
      try Data(contentsOf: other.planFile).write(to: own.planFile)
      #expect(try create("third", own) == .restored("was another run's"))
      #expect(try own.readPlan().identity == sha256("third"))
    }
  }

  /// Its folder is whole under another name: nothing is written over.
  @Test func anotherRunInItsPlaceStays() throws {
    try withTemporaryFolder { folder in
      let (own, other) = try runs(in: folder)
      try FileManager.default.removeItem(at: own.url)
      try FileManager.default.copyItem(at: other.url, to: own.url)
      let cause = "is of the run whose name ends in -\(sha256("other").prefix(12))"
      let way = "`safnet runs show \(own.name)` says how it gets its name back"
      #expect(try own.flaws(.full) == [RunFlaw(file: "plan.json", cause: cause, isNeeded: true, way: way)])
      #expect(try own.state() == .damaged && other.flaws(.full) == [])
      let error = StoreError.otherPlan(
        file: own.planFile.path, expected: sha256("plan"), found: sha256("other"))
      #expect(throws: error) { try create("plan", own) }
      #expect(own.occupant(insteadOf: sha256("plan")) == sha256("other"))
    }
  }

  private func events(of plan: String) -> [JournalEvent] {
    var worker = Fixture.worker
    worker.plan = sha256(plan)
    return [.started(worker)] + Fixture.events.dropFirst()
  }

  /// Neither a journal that was copied nor a whole folder under another's name.
  @Test(arguments: [false, true]) func theEpochsOfAnotherRunAreNotThisOnes(isFolder: Bool) throws {
    try withTemporaryFolder { folder in
      let workspace = Workspace(folder)
      let runs = try ["plan", "other"].map { plan in
        let run = workspace.runDirectory(named: Self.name(plan))
        _ = try create(plan, run)
        try Fixture.journal(Array(events(of: plan).prefix(4))).write(to: run.journal)
        return run
      }
      #expect(try runs.map { try $0.history().finishedEpochs } == [1, 1])
      if isFolder {
        try FileManager.default.removeItem(at: runs[0].url)
        try FileManager.default.copyItem(at: runs[1].url, to: runs[0].url)
      } else {
        try Data(contentsOf: runs[1].journal).write(to: runs[0].journal)
      }
      #expect(try runs[0].state() == .queued && runs[1].state() == .interrupted)
      let row = try #require(try WorkspaceIndex(workspace).refreshedRuns().first { $0.name == runs[0].name })
      #expect(row.state == .queued && row.epochs == 0 && row.bestMonitor == nil)
      let words =
        isFolder
        ? "plan.json is of the run whose name ends in -\(runs[1].name.suffix(12)); `safnet runs show \(runs[0].name)` says how"
        : "journal.jsonl is another run's, so that its epochs are not known; `safnet run` with its experiment goes on"
      #expect(row.notice?.hasPrefix(words) == true, "\(row.notice ?? "")")
    }
  }

  @Test func aFinishedRunWithTheJournalOfAnotherIsDamaged() throws {
    try withTemporaryFolder { folder in
      let own = try runs(in: folder).own
      try Fixture.journal(events(of: "other")).write(to: own.journal)
      #expect(try own.flaws(.full).map(\.description) == ["journal.jsonl is another run's"])
      #expect(try own.state() == .damaged && own.history() == RunHistory())
    }
  }

  /// As when two journals were put into one file.
  @Test func linesOfAnotherRunBehindTheEndAreCutOff() throws {
    try withTemporaryFolder { folder in
      let own = try runs(in: folder).own
      let (wanted, others) = (try Fixture.journal(events(of: "plan")), try Fixture.journal(events(of: "other")))
      try (wanted + others).write(to: own.journal)
      let damage = StoreError.damaged(file: own.journal.path, .othersLine(events(of: "plan").count + 1))
      #expect(try own.history().damage == damage && own.history().workers.count == 2)
      #expect(try own.state() == .finished)
      #expect(try own.cutBehindEnd()?.contains("from line 9 on it is another run's") == true)
      #expect(try Data(contentsOf: own.journal) == wanted)
    }
  }

  @Test func networksAndScoresOfOthersAreSetAside() throws {
    try withTemporaryFolder { folder in
      let (own, other) = try runs(in: folder)
      #expect(try own.setAsideOthers(than: sha256("plan")).isEmpty)
      for file in ["best.h5", "evaluation.h5"] {
        try Data(contentsOf: other.url.appending(path: file)).write(to: own.url.appending(path: file))
      }
      let moved = try own.setAsideOthers(than: sha256("plan"))
      let end = "of-\(sha256("other").prefix(12)).h5"
      #expect(moved.map(\.place.lastPathComponent) == ["best.\(end)", "evaluation.\(end)"])
      #expect(moved.allSatisfy { $0.identity == sha256("other") })
      #expect(try own.flaws(.glance).map(\.description) == ["evaluation.h5 is missing", "best.h5 is missing"])
    }
  }
}

/// Networks of the run itself, one in the place of the other.
@Suite struct ExchangedNetworksTests {
  /// A finished run whose second of three epochs was the best.
  private func run(in folder: URL, told epochs: Int = 3) throws -> RunDirectory {
    let run = try RunFlawTests.finished(in: folder)
    var last = Fixture.epoch(3)
    last.monitor = 0.1
    let told = [Fixture.epoch(1), Fixture.epoch(2), last].prefix(epochs).map { JournalEvent.epoch($0) }
    let tested = EvaluationRecord(cases: 1, epoch: 2, meanDice: nil, structureDice: [nil], seconds: 1)
    let end: [JournalEvent] = [.evaluated(tested), .finished(FinishRecord(epochs: 3, seconds: 9))]
    try Fixture.journal([.started(Fixture.worker)] + told + end).write(to: run.journal)
    try CheckpointFile.write(Fixture.checkpoint(epoch: 2), to: run.bestCheckpoint)
    try CheckpointFile.write(Fixture.checkpoint(epoch: 3), to: run.lastCheckpoint)
    return run
  }

  @Test(arguments: [("best.h5", 3, 2), ("last.h5", 2, 3)])
  func aNetworkOfAnotherEpochIsAFlaw(file: String, epoch: Int, wanted: Int) throws {
    try withTemporaryFolder { folder in
      let run = try run(in: folder)
      #expect(try run.flaws(.full) == [])
      let checkpoint = Fixture.checkpoint(epoch: epoch)
      try CheckpointFile.write(checkpoint, to: run.url.appending(path: file))
      let cause = "is of epoch \(epoch), where that of epoch \(wanted) must be"
      #expect(try run.flaws(.full) == [RunFlaw(file: file, cause: cause, isNeeded: file == "best.h5")])
      // No number of a table rests on it.
      #expect(try run.state() == .finished && run.isWhole() == (file == "last.h5"))
      let (best, last) = (run.bestCheckpoint, run.lastCheckpoint)
      #expect(try run.otherEpoch(of: file == "best.h5" ? best : last, checkpoint)?.cause == cause)
      #expect(try run.otherEpoch(of: file == "best.h5" ? last : best, checkpoint) == nil)
    }
  }

  /// A journal that has lost a line may have lost the best epoch's.
  @Test func whereTheJournalDoesNotSurelyTellNothingIsSaid() throws {
    try withTemporaryFolder { folder in
      let run = try run(in: folder, told: 1)
      #expect(try run.flaws(.full) == [] && run.history().networkEpochs == nil)
    }
  }
}
