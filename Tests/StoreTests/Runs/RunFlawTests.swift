import Foundation
import Store
import System
import TestSupport
import Testing

/// Whether a run that its journal calls finished is whole.
@Suite struct RunFlawTests {
  /// A run with every file that a finished one has.
  static func finished(in folder: URL, plan: String = "plan") throws -> RunDirectory {
    let run = Workspace(folder).runDirectory(named: "run")
    try run.create(planJSON: Data(plan.utf8), identity: sha256(plan), environment: Fixture.environment())
    var checkpoint = Fixture.checkpoint()
    checkpoint.planIdentity = sha256(plan)
    for url in [run.lastCheckpoint, run.bestCheckpoint] { try CheckpointFile.write(checkpoint, to: url) }
    try EvaluationFile.write(
      StoredEvaluation(planIdentity: sha256(plan), structures: ["a"], cases: []), to: run.evaluationFile)
    try Fixture.journal(Fixture.events).write(to: run.journal)
    return run
  }

  private static func strike(_ file: URL, _ change: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: file)
    change(&data)
    try data.write(to: file)
  }

  @Test func aWholeRunHasNone() throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder)
      #expect(try run.flaws(.full) == [])
      #expect(try run.flaws(.glance) == [])
      #expect(try run.state() == .finished)
    }
  }

  @Test(arguments: ["plan.json", "evaluation.h5", "best.h5"]) func whatIsMissingIsFoundAtAGlance(name: String) throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder)
      try FileManager.default.removeItem(at: run.url.appending(path: name))
      #expect(try run.flaws(.glance) == [RunFlaw(file: name, cause: "is missing", isNeeded: true)])
      // A lost network takes no number from a table.
      #expect(try run.state() == (name == "best.h5" ? .finished : .damaged))
      #expect(try !run.isWhole())
    }
  }

  /// Lines of earlier programs do not say whose they are.
  @Test(arguments: [nil, "plan", "other"]) func aJournalOfAnotherRunIsAFlaw(owner: String?) throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder)
      var worker = Fixture.worker
      worker.plan = owner.map { sha256($0) }
      try Fixture.journal([.started(worker)] + Fixture.events.dropFirst()).write(to: run.journal)
      let isOther = owner == "other"
      let flaw = RunFlaw(file: "journal.jsonl", cause: "is another run's", isNeeded: true)
      for scrutiny in [RunDirectory.Scrutiny.glance, .full] {
        #expect(try run.flaws(scrutiny) == (isOther ? [flaw] : []))
      }
      #expect(try run.state() == (isOther ? .damaged : .finished))
    }
  }

  @Test func anEmptyJournalIsALostOne() throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder)
      try Data().write(to: run.journal)
      #expect(try run.state() == .damaged && !run.isWhole())
      #expect(try run.flaws(.glance).first == RunFlaw(file: "journal.jsonl", cause: "is empty", isNeeded: true))
      let row = try #require(try WorkspaceIndex(Workspace(folder)).refreshedRuns().first)
      #expect(row.state == .damaged)
      #expect(row.notice == "journal.jsonl is empty; `safnet run` with its experiment mends it")
    }
  }

  /// What a killed worker leaves at its very end looks the same: both are said, and neither is a lost run.
  @Test func scoresOfWhichACutJournalDoesNotTellAreNamed() throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder)
      try Fixture.journal(Array(Fixture.events[..<3])).write(to: run.journal)
      #expect(try run.state() == .stale)
      let row = try #require(try WorkspaceIndex(Workspace(folder)).refreshedRuns().first)
      #expect(row.notice?.hasPrefix("evaluation.h5 is there, of which journal.jsonl does not tell: ") == true)
      try FileManager.default.removeItem(at: run.evaluationFile)
      let other = try #require(try WorkspaceIndex(Workspace(folder)).refreshedRuns().first)
      #expect(other.state == .stale && other.notice == nil)
    }
  }

  @Test func aLabelMapOfNoBytesIsLost() throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder)
      try Folder.create(run.predictionsFolder)
      let map = run.predictionsFolder.appending(path: "a.nii.gz")
      try Data().write(to: map)
      #expect(run.lostPrediction(of: ["a"])?.description == "predictions/a.nii.gz is empty")
      try Data([1]).write(to: map)
      #expect(run.lostPrediction(of: ["a"]) == nil)
    }
  }

  @Test func aLostJournalIsNoQueuedRun() throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder)
      try FileManager.default.removeItem(at: run.journal)
      #expect(try run.state() == .damaged && !run.isWhole())
      let row = try #require(try WorkspaceIndex(Workspace(folder)).refreshedRuns().first)
      #expect(row.state == .damaged)
      #expect(row.notice == "journal.jsonl is missing; `safnet run` with its experiment mends it")
      // A sweep does what others are advised to.
      #expect(try run.findingsForSweep() == "journal.jsonl is missing; this sweep mends it")
      // Without scores it was perhaps never finished.
      try FileManager.default.removeItem(at: run.evaluationFile)
      #expect(try run.state() == .queued)
      let other = try #require(try WorkspaceIndex(Workspace(folder)).refreshedRuns().first)
      #expect(other.state == .queued && other.notice?.hasPrefix("journal.jsonl is missing, so that") == true)
      for file in [run.lastCheckpoint, run.bestCheckpoint] { try FileManager.default.removeItem(at: file) }
      #expect(try WorkspaceIndex(Workspace(folder)).refreshedRuns().first?.notice == nil)
    }
  }

  @Test(arguments: ["evaluation.h5", "best.h5"]) func whatIsCutIsFoundAtAGlance(name: String) throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder)
      try Self.strike(run.url.appending(path: name)) { $0 = $0.dropLast() }
      #expect(try run.flaws(.glance).map(\.file) == [name])
    }
  }

  @Test(arguments: ["evaluation.h5", "best.h5"]) func aFlippedBitIsFoundWhenAllAreRead(name: String) throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder)
      try Self.strike(run.url.appending(path: name)) { $0[$0.count / 2] ^= 1 }
      #expect(try run.flaws(.glance) == [])
      #expect(try run.flaws(.full).map(\.cause) == ["is damaged: its checksum does not match its content"])
      // The index reads all of a finished run, once.
      let index = WorkspaceIndex(Workspace(folder))
      try index.refresh()
      #expect(try index.runs().map(\.state) == [name == "best.h5" ? .finished : .damaged])
      #expect(try index.runs()[0].notice?.contains("\(name) is damaged") == true)
    }
  }

  @Test func filesOfAnotherPlanAreFlaws() throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder.appending(path: "a"))
      let other = try Self.finished(in: folder.appending(path: "b"), plan: "other")
      try FileManager.default.removeItem(at: run.bestCheckpoint)
      try FileManager.default.copyItem(at: other.bestCheckpoint, to: run.bestCheckpoint)
      #expect(try run.flaws(.glance) == [RunFlaw(file: "best.h5", cause: "belongs to another plan", isNeeded: true)])
    }
  }

  /// The network that was not tested costs no result.
  @Test(arguments: [("plan", "last.h5", "best.h5"), (#"{"evaluate":"last"}"#, "best.h5", "last.h5")])
  func onlyTheTestedNetworkIsNeeded(plan: String, spare: String, needed: String) throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder, plan: plan)
      try FileManager.default.removeItem(at: run.url.appending(path: spare))
      #expect(try run.state() == .finished && run.isWhole())
      #expect(try run.flaws(.glance) == [RunFlaw(file: spare, cause: "is missing", isNeeded: false)])
      try FileManager.default.removeItem(at: run.url.appending(path: needed))
      #expect(try !run.isWhole())
    }
  }

  /// What cannot be read for lack of a right is not damaged.
  @Test(.enabled(if: getuid() != 0)) func aLackIsNoFlaw() throws {
    try withTemporaryFolder { folder in
      let run = try Self.finished(in: folder)
      chmod(run.bestCheckpoint.path, 0)
      #expect(throws: SystemError(file: run.bestCheckpoint.path, action: .read, code: EACCES)) { try run.flaws(.full) }
    }
  }

  /// Nor what no descriptor or no memory is left for.
  @Test(arguments: ["files", "memory"]) func whatRunsOutIsNoDamage(lack: String) async throws {
    try await withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      var checkpoint = Fixture.checkpoint()
      checkpoint.sections["parameters"] = [
        .init(name: "a", shape: [4 << 20], values: .init(repeating: 1, count: 4 << 20))
      ]
      try CheckpointFile.write(checkpoint, to: run.lastCheckpoint)
      let path = folder.path
      await #expect(processExitsWith: .success) { [path = path as String, lack = lack as String] in
        let run = RunDirectory(URL(filePath: path))
        var limit = rlimit()
        if lack == "files" {
          limit = rlimit(rlim_cur: 0, rlim_max: 1024)
          setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        } else {
          let now = UInt(SystemPages.inUse())
          getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
          limit.rlim_cur = now + (24 << 20)
          setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        }
        do {
          _ = try CheckpointFile.readNewest(in: run)
          fatalError("it was read")
        } catch let error as SystemError {
          precondition(error.code == (lack == "files" ? EMFILE : ENOMEM), "\(error)")
          precondition(!"\(error)".contains("damaged") && !"\(error)".contains("emove"))
        }
      }
    }
  }
}

/// Bytes of address space of this process.
enum SystemPages {
  static func inUse() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").first.flatMap { Int($0) } ?? 0) * 4096
  }
}

@Suite struct LostPlanTests {
  private func create(_ run: RunDirectory) throws -> RunDirectory.Creation {
    try run.create(planJSON: Data("plan".utf8), identity: Fixture.identity, environment: Fixture.environment(["again"]))
  }

  /// Removed, damaged, cut, emptied: the plan is known to whoever asks for the run, and is written anew.
  @Test(arguments: ["removed", "flipped", "cut", "empty"]) func aLostPlanIsWrittenAnew(how: String) throws {
    try withTemporaryFolder { folder in
      let run = try RunFlawTests.finished(in: folder)
      var data = try Data(contentsOf: run.planFile)
      switch how {
      case "removed": try FileManager.default.removeItem(at: run.planFile)
      case "flipped": data[data.count / 2] ^= 1
      case "cut": data = data.dropLast(9)
      default: data = Data()
      }
      if how != "removed" { try data.write(to: run.planFile) }
      #expect(run.exists)
      let done = try create(run)
      guard case .restored(let cause) = done else { return #expect(Bool(false), "\(done)") }
      #expect(cause == "was missing" || cause.hasPrefix("was damaged: "))
      #expect(try run.state() == .finished && run.readPlan().identity == Fixture.identity)
      // Of the first worker, what the journal tells; of another machine, nothing is made up.
      let environment = try run.readPlan().environment
      #expect(environment.host == Fixture.worker.host && environment.instructionSet == Fixture.worker.instructionSet)
      #expect(environment.cpu == "unknown" && environment.startTime == Date(timeIntervalSince1970: 1_700_000_000))
      #expect(try create(run) == .wasThere)
    }
  }

  @Test func aPlanOfAnotherFormatIsSaidToBeOne() throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      let text = try String(contentsOf: run.planFile, encoding: .utf8)
      try Data(text.replacingOccurrences(of: "{\"format\":1", with: "{\"format\":7").utf8).write(to: run.planFile)
      let error = #expect(throws: StoreError.self) { try run.readPlan() }
      #expect("\(error!)".contains("it says format 7, this program writes 1"))
    }
  }

  @Test func aPipeInItsPlaceIsNotWaitedFor() throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      try FileManager.default.removeItem(at: run.planFile)
      try #require(mkfifo(run.planFile.path, 0o600) == 0)
      #expect(throws: SystemError.self) { try run.readPlan() }
    }
  }
}

@Suite struct RunRemovalTests {
  private func workspace(in folder: URL) throws -> Workspace {
    let workspace = Workspace(folder.appending(path: "Workspace"))
    try workspace.prepare()
    return workspace
  }

  /// Whatever lies there: a run without a plan, an empty folder, a file, a dead link, a hidden file.
  @Test(arguments: ["no plan", "empty", "file", "link", ".hidden"]) func everythingCanBeRemoved(kind: String) throws {
    try withTemporaryFolder { folder in
      let workspace = try workspace(in: folder)
      let url = workspace.runsFolder.appending(path: kind)
      switch kind {
      case "no plan":
        try Folder.create(url)
        try Data().write(to: url.appending(path: "last.h5"))
      case "empty": try Folder.create(url)
      case "link": symlink("/nowhere", url.path)
      default: try Data().write(to: url)
      }
      let entry = try #require(workspace.entry(named: kind))
      #expect(try entry.remove())
      #expect(try names(in: workspace.runsFolder) == [])
    }
  }

  @Test func aPathNamesItToo() throws {
    try withTemporaryFolder { folder in
      let workspace = try workspace(in: folder)
      let url = workspace.runsFolder.appending(path: "run")
      try Folder.create(url)
      #expect(workspace.entry(named: url.path + "/")?.name == "run")
      #expect(workspace.entry(named: folder.path) == nil && workspace.entry(named: "..") == nil)
      #expect(workspace.entry(named: "gone") == nil && workspace.entry(named: "") == nil)
    }
  }

  @Test func aRunThatIsTrainedStays() throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      let lock = try #require(try RunLock.acquire(run))
      #expect(try !run.remove() && run.exists)
      lock.release()
      #expect(try run.remove())
    }
  }
}
