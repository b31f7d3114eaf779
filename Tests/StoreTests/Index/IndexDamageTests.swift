import Compute
import Foundation
import GRDB
import Store
import TestSupport
import Testing

/// Whatever happens to `index.sqlite`, the answers stay those of the run directories.
@Suite struct IndexDamageTests {
  @Test func flippedBitsChangeNoAnswer() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 3, epochs: 6)
      try WorkspaceIndex(workspace).refresh()
      let answers = try GeneratedRuns.answers(WorkspaceIndex(workspace))
      let data = try Data(contentsOf: workspace.indexFile)
      var random = RandomStream(seed: 7, purpose: .test)
      var found = 0
      for _ in 0..<1000 {
        var flipped = data
        let bit = random.nextInt(below: data.count * 8)
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        for part in ["-wal", "-shm"] { unlink(workspace.indexFile.path + part) }
        try flipped.write(to: workspace.indexFile)
        let index = WorkspaceIndex(workspace)
        try index.refresh()
        #expect(try GeneratedRuns.answers(index) == answers, "bit \(bit)")
        if !index.notices.isEmpty { found += 1 }
      }
      #expect(found > 0)
    }
  }

  @Test(arguments: [0, 1, 99, 100, 4096, 9000])
  func truncated(bytes: Int) throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 3, epochs: 2)
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      let answers = try GeneratedRuns.answers(index)
      try Data(contentsOf: workspace.indexFile).prefix(bytes).write(to: workspace.indexFile)
      #expect(try GeneratedRuns.answers(WorkspaceIndex(workspace)) == answers)
    }
  }

  @Test func notADatabase() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 2)
      let nonsense = Data(repeating: 0x41, count: 8192)
      try nonsense.write(to: workspace.indexFile)
      let index = WorkspaceIndex(workspace)
      #expect(try index.refresh().projected == 2)
      #expect(try index.runs().count == 2)
      #expect(try Data(contentsOf: folder.appending(path: "index.damaged.sqlite")) == nonsense)
      #expect("\(index.notices[0])".contains("file is not a database"))
      #expect("\(index.notices[0])".hasSuffix("set aside as index.damaged.sqlite and made anew"))
    }
  }

  /// Nobody would ever write into it.
  @Test(arguments: ["", "-wal", "-shm", "-journal"]) func aPipeInItsPlaceIsNotWaitedFor(part: String) throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 2)
      try WorkspaceIndex(workspace).refresh()
      let pipe = workspace.indexFile.path + part
      unlink(pipe)
      try #require(mkfifo(pipe, 0o600) == 0)
      for reads in [{ _ = try $0.refresh() }, { _ = try $0.runs() }] as [(WorkspaceIndex) throws -> Void] {
        let index = WorkspaceIndex(workspace)
        try reads(index)
        #expect(try index.runs().count == 2)
        let words = index.notices.map(\.description).first ?? ""
        #expect(words.contains("\(pipe): not a plain file"), "\(words)")
      }
      var status = stat()
      #expect(stat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO, "it stays where it is")
    }
  }

  /// A browser of databases, or a backup, holds it: the answers come from the run directories, and nothing is set aside.
  @Test func anIndexThatAnotherProgramHoldsIsNotDamaged() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 2)
      try WorkspaceIndex(workspace).refresh()
      let other = try DatabaseQueue(path: workspace.indexFile.path)
      let index = WorkspaceIndex(workspace)
      try other.inDatabase { db in
        try db.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        try index.refresh()
        #expect(try index.runs().count == 2)
        try db.execute(sql: "ROLLBACK")
      }
      #expect(
        index.notices.map(\.description).allSatisfy { $0.contains("another program holds it") }, "\(index.notices)")
      #expect(!index.notices.isEmpty && access(folder.path + "/index.damaged.sqlite", F_OK) != 0)
    }
  }

  /// The system's refusal says nothing against the index: here there is a folder in its write-ahead log's place.
  @Test func whatCannotBeOpenedIsNotSetAside() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 2)
      try WorkspaceIndex(workspace).refresh()
      let log = workspace.indexFile.path + "-wal"
      unlink(log)
      try FileManager.default.createDirectory(atPath: log, withIntermediateDirectories: true)
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      #expect(try index.runs().count == 2)
      #expect("\(index.notices.first.map { "\($0)" } ?? "")".contains("the runs were read one by one"))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "index.damaged.sqlite").path))
    }
  }

  @Test func newerIsSetAside() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 2)
      try WorkspaceIndex(workspace).refresh()
      try DatabaseQueue(path: workspace.indexFile.path).write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9: from the future')")
      }
      let index = WorkspaceIndex(workspace)
      #expect(try index.refresh().projected == 2)
      #expect(index.notices == [.newer])
    }
  }

  /// Rows that SQLite finds in order although they are not what was written.
  @Test(arguments: [
    "DELETE FROM run WHERE name = 'run-0001'", "UPDATE run SET epochs = 7 WHERE name = 'run-0001'",
    "UPDATE epoch SET records = x'00' WHERE run = 'run-0002'", "DELETE FROM epoch WHERE run = 'run-0001'",
    "UPDATE epoch SET records = (SELECT substr(records, 1, length(records) - 8) FROM epoch LIMIT 1)",
    "DELETE FROM summary", "DROP TABLE epoch", "ALTER TABLE run RENAME COLUMN parts TO plum",
    "UPDATE part SET text = 'plum'", "DELETE FROM part", "UPDATE part SET number = number + 1",
  ])
  func changedRows(sql: String) throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 3, epochs: 2)
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      let answers = try GeneratedRuns.answers(index)
      try DatabaseQueue(path: workspace.indexFile.path).write { try $0.execute(sql: sql) }
      let reader = WorkspaceIndex(workspace)
      #expect(try GeneratedRuns.answers(reader) == answers)
      #expect(reader.notices.count == 1)
    }
  }

  @Test(.enabled(if: SmallDisk.isAllowed, "only root can mount a read-only disk"))
  func readOnlyWorkspace() throws {
    try withTemporaryFolder { folder in
      try SmallDisk.with(folder, kilobytes: 1024) {
        let workspace = try GeneratedRuns.make(in: folder, count: 2, epochs: 2)
        let index = WorkspaceIndex(workspace)
        try index.refresh()
        let answers = try GeneratedRuns.answers(index)
        try FileManager.default.removeItem(at: workspace.indexFile)
        try SmallDisk.makeReadOnly(folder)
        let reader = WorkspaceIndex(workspace)
        #expect(try reader.refresh().projected == 2)
        #expect(try GeneratedRuns.answers(reader) == answers)
        #expect(reader.notices.count == 1)
        #expect("\(reader.notices[0])".contains("index.sqlite cannot be used (cannot lock"))
      }
    }
  }

  @Test(.enabled(if: SmallDisk.isAllowed, "only root can mount a small disk"))
  func fullDisk() throws {
    try withTemporaryFolder { folder in
      try SmallDisk.with(folder, kilobytes: 256) {
        let workspace = try GeneratedRuns.make(in: folder, count: 20, epochs: 2)
        while (try? Data(count: 4096).write(to: folder.appending(path: UUID().uuidString))) != nil {}
        let index = WorkspaceIndex(workspace)
        #expect(try index.refresh().projected == 20)
        #expect(try index.runs().count == 20)
        #expect(index.notices.last.map { "\($0)" }?.contains("the runs were read one by one") == true)
      }
    }
  }

  /// Readers never see an error or a half-written refresh while another process rebuilds the index again and again.
  @Test func readersWhileWriting() async throws {
    try await withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 20, epochs: 2)
      try WorkspaceIndex(workspace).refresh()
      let path = folder.path
      async let writer = #expect(processExitsWith: .success) { [path = path as String] in
        for round in 0..<40 {
          let index = WorkspaceIndex(Workspace(URL(filePath: path)))
          if round % 4 == 0 { try index.rebuild() }
          let run = Workspace(URL(filePath: path)).runDirectory(named: "run-0003")
          try JournalWriter(url: run.journal).append(.epoch(Fixture.epoch(3 + round)))
          #expect(try index.refresh().unchanged == 19)
          #expect(index.notices.isEmpty)
        }
      }
      for _ in 0..<60 {
        let index = WorkspaceIndex(workspace)
        #expect(try index.runs().count == 20)
        #expect(index.notices.isEmpty)
      }
      _ = await writer
      let index = WorkspaceIndex(workspace)
      #expect(try index.runs()[3].epochs == 42)
      #expect(index.notices.isEmpty)
    }
  }
}
