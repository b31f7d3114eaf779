import Compute
import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct WorkspaceIndexTests {
  @Test func projectsPlanAndJournal() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 1, epochs: 4)
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      let run = try #require(try index.runs().first)
      #expect(run.name == "run-0000" && run.identity == Fixture.identity && run.plan == "plan")
      #expect(run.state == .stale && run.epochs == 4 && run.attempt == 1)
      #expect(run.bestEpoch == 4 && run.bestMonitor == Fixture.epoch(4).monitor)
      #expect(run.trainingLoss == 0.7 / 4 && run.seconds == 4 * 12.25)
      #expect(run.testDice == nil && run.failure == nil && run.notice == nil)
      #expect(try index.epochs(of: ["run-0000", "unknown"]) == ["run-0000": (1...4).map(Fixture.epoch)])
      #expect(try index.runs(named: ["unknown", "run-0000"]) == [run])
      #expect(index.notices.isEmpty)
    }
  }

  @Test func theFirstOfEqualEpochsIsBest() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 1, epochs: 0)
      var records = (1...3).map(Fixture.epoch)
      for index in records.indices { records[index].monitor = [0.2, 0.5, 0.5][index] }
      try GeneratedRuns.write(records.map(JournalEvent.epoch), to: workspace.runDirectory(named: "run-0000"))
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      #expect(try index.runs()[0].bestEpoch == 2)
    }
  }

  @Test func allEvents() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 0)
      try GeneratedRuns.write(Fixture.events, to: workspace.runDirectory(named: "run-0000"))
      try GeneratedRuns.write(Array(Fixture.events.prefix(6)), to: workspace.runDirectory(named: "run-0001"))
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      let runs = try index.runs()
      #expect(runs.map(\.state) == [.damaged, .failed], "it has no files but its journal")
      #expect(runs[0].testCases == 6 && runs[0].testDice == nil && runs[0].structureDice == [nil, 0.25])
      #expect(runs[0].seconds == 99.5 && runs[0].failure == nil)
      #expect(runs[1].failure == "no space" && runs[1].attempt == 2)
      #expect(try index.counts() == [.damaged: 1, .failed: 1])
    }
  }

  /// Only what changed is read again, and the result is that of a new index, byte for byte.
  @Test func incrementalEqualsRebuilt() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 6, epochs: 3)
      let index = WorkspaceIndex(workspace)
      #expect(try index.refresh() == .init(projected: 6, removed: 0, unchanged: 0))
      #expect(try index.refresh() == .init(projected: 0, removed: 0, unchanged: 6))
      try JournalWriter(url: workspace.runDirectory(named: "run-0002").journal).append(.epoch(Fixture.epoch(4)))
      try FileManager.default.removeItem(at: workspace.runDirectory(named: "run-0004").url)
      #expect(try index.refresh() == .init(projected: 1, removed: 1, unchanged: 4))
      let incremental = try GeneratedRuns.answers(index)
      #expect(try index.rebuild() == .init(projected: 5, removed: 0, unchanged: 0))
      #expect(try GeneratedRuns.answers(index) == incremental)
      try FileManager.default.removeItem(at: workspace.indexFile)
      #expect(try GeneratedRuns.answers(WorkspaceIndex(workspace)) == incremental)
    }
  }

  @Test func theLockMakesARunRunning() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 1)
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      let lock = try RunLock.acquire(workspace.runDirectory(named: "run-0001"))
      #expect(try index.runs().map(\.state) == [.stale, .running])
      lock?.release()
      #expect(try index.runs().map(\.state) == [.stale, .stale])
    }
  }

  @Test func damagedRunsAreListedWithANotice() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 3)
      let (first, second) = (workspace.runDirectory(named: "run-0000"), workspace.runDirectory(named: "run-0001"))
      try Data("{}".utf8).write(to: first.planFile)
      var journal = try Data(contentsOf: second.journal)
      journal[journal.count - 30] ^= 1
      try journal.write(to: second.journal)
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      let runs = try index.runs()
      #expect(runs[0].notice?.contains("plan.json is damaged: it does not begin like a plan of safnet") == true)
      #expect(runs[0].identity == "" && runs[0].epochs == 3)
      #expect(runs[1].notice?.contains("the checksum of line 4 does not match") == true)
      #expect(runs[1].epochs == 2)
    }
  }

  /// A thousand runs: a fixed number of statements, and no journal is opened that did not change.
  @Test func aThousandRuns() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 1000, epochs: 5)
      let statements = Counter()
      let index = WorkspaceIndex(workspace) { _ in statements.add() }
      #expect(try index.refresh().projected == 1000)
      _ = statements.take()
      #expect(try index.refresh() == .init(projected: 0, removed: 0, unchanged: 1000))
      #expect(statements.take() < 40)
      #expect(try index.runs().count == 1000)
      #expect(statements.take() < 15)
      #expect(try index.epochs(of: ["run-0999"]).values.first?.count == 5)
      #expect(statements.take() < 15)
    }
  }
}

/// Statements that were run, counted from any thread.
private final class Counter: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  func add() { lock.withLock { count += 1 } }

  func take() -> Int {
    lock.withLock {
      defer { count = 0 }
      return count
    }
  }
}
