import Foundation
import Store
import TestSupport
import Testing

/// A file that the system does not let be read costs its own run, and no other.
@Suite struct UnreadableRunTests {
  enum Obstacle: CaseIterable {
    case linkToItself, folder

    func put(at file: URL) throws {
      try? FileManager.default.removeItem(at: file)
      switch self {
      case .linkToItself: try #require(symlink(file.lastPathComponent, file.path) == 0)
      case .folder: try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
      }
    }
  }

  /// Three finished runs, and one file of the second.
  private func withRuns(_ body: (Workspace, RunDirectory) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let workspace = Workspace(folder.appending(path: "Workspace"))
      try workspace.prepare()
      let finished = try RunFlawTests.finished(in: folder.appending(path: "Finished"))
      for name in ["a", "b", "c"] {
        try FileManager.default.copyItem(at: finished.url, to: workspace.runDirectory(named: name).url)
      }
      try body(workspace, workspace.runDirectory(named: "b"))
    }
  }

  @Test(arguments: ["plan.json", "journal.jsonl", "evaluation.h5"], Obstacle.allCases)
  func itIsDamagedAndTheOthersAreShown(file: String, obstacle: Obstacle) throws {
    try withRuns { workspace, run in
      let place = run.url.appending(path: file)
      let saved = try Data(contentsOf: place)
      try obstacle.put(at: place)
      let watch = WatchedRuns(Workspace(workspace.root, indexFolder: workspace.root.appending(path: "own")))
      try FileManager.default.createDirectory(
        at: workspace.root.appending(path: "own"), withIntermediateDirectories: true)
      for runs in [try WorkspaceIndex(workspace).refreshedRuns(), try watch.look().runs] {
        #expect(runs.map(\.state) == [.finished, .damaged, .finished])
        #expect(runs.map { $0.notice?.contains(file) ?? false } == [false, true, false])
      }
      // What made it unreadable need not have changed size and time.
      try FileManager.default.removeItem(at: place)
      try saved.write(to: place)
      #expect(try watch.look().runs.map(\.state) == [.finished, .finished, .finished])
      #expect(try WorkspaceIndex(workspace).refreshedRuns()[1].notice == nil)
    }
  }

  @Test(arguments: ["notes.json", "best.h5", "run.lock"]) func whatNoResultRestsOnIsToldOnly(file: String) throws {
    try withRuns { workspace, run in
      try Obstacle.linkToItself.put(at: run.url.appending(path: file))
      if file == "run.lock" { try FileManager.default.removeItem(at: run.evaluationFile) }
      let runs = try WorkspaceIndex(workspace).refreshedRuns()
      #expect(runs.map { $0.notice?.contains(file) ?? false } == [false, true, false])
      #expect(runs.map(\.state) == [.finished, file == "run.lock" ? .damaged : .finished, .finished])
    }
  }

  @Test(arguments: [Data(count: 100), Data("nonsense\n".utf8), Data(repeating: 65, count: 100)])
  func aFinishedRunWhoseJournalTellsNothingIsDamaged(journal: Data) throws {
    try withRuns { workspace, run in
      try journal.write(to: run.journal)
      let found = try WorkspaceIndex(workspace).refreshedRuns()[1]
      #expect(found.state == .damaged)
      #expect(
        found.notice == "journal.jsonl tells nothing any more; `safnet run` with its experiment mends it")
      #expect(try run.state() == .damaged)
    }
  }

  @Test func aLineThatIsLongerThanAnyIsDamage() throws {
    try withRuns { workspace, run in
      let journal = try Data(contentsOf: run.journal)
      // Sealed, so that its length alone is against it.
      let event = JournalEvent.failed(
        FailureRecord(message: String(repeating: "x", count: 33 << 20), attempt: 1, retryable: true))
      let line = try JournalWriter.line(TimedEvent(time: Date(), event: event), file: "journal.jsonl")
      try (journal + line).write(to: run.journal)
      let scanned = try Journal.scan(run.journal)
      #expect(scanned.events.count == journal.filter { $0 == UInt8(ascii: "\n") }.count)
      #expect(scanned.damage == .damaged(file: run.journal.path, .line(scanned.events.count + 1)))
    }
  }
}
