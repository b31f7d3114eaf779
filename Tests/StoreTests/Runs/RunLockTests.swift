import Foundation
import Store
import System
import TestSupport
import Testing

@Suite struct RunLockTests {
  @Test func oneHolderAtATime() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      #expect(try !RunLock.probe(run).isHeld)
      let lock = try #require(try RunLock.acquire(run))
      #expect(try RunLock.acquire(run) == nil)
      let probe = try RunLock.probe(run)
      #expect(probe.isHeld)
      #expect(probe.holder?.pid == Int(getpid()))
      lock.release()
      lock.release()
      #expect(try RunLock.probe(run).isHeld == false)
      #expect(try RunLock.probe(run).holder?.pid == Int(getpid()))
      #expect(try RunLock.acquire(run) != nil)
    }
  }

  @Test func theHolderTidiesUp() throws {
    try withTemporaryFolder { folder in
      let orphan = folder.appending(path: ".best.h5.99-ab.partial")
      try Data("half".utf8).write(to: orphan)
      let lock = try #require(try RunLock.acquire(RunDirectory(folder)))
      #expect(try names(in: folder) == ["run.lock"])
      try Data("half".utf8).write(to: orphan)
      #expect(try RunLock.acquire(RunDirectory(folder)) == nil)
      #expect(FileManager.default.fileExists(atPath: orphan.path), "only the holder may remove files")
      lock.release()
    }
  }

  /// Asking must not make the holder's or a candidate's lock fail, nor drop it.
  @Test func probingDisturbsNobody() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      let lock = try #require(try RunLock.acquire(run))
      for _ in 0..<10 { _ = try RunLock.probe(run) }
      #expect(try RunLock.acquire(run) == nil)
      lock.release()
    }
  }

  /// Emptied or overwritten in place, it names its holder again with the next heartbeat.
  @Test(arguments: ["", "x\n"]) func anOverwrittenLockNamesItsHolderAgain(content: String) throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      let lock = try #require(try RunLock.acquire(run))
      let whole = try Data(contentsOf: run.lockFile)
      try Data(content.utf8).write(to: run.lockFile)
      #expect(try RunLock.probe(run).holder == nil)
      try lock.heartbeat()
      #expect(try Data(contentsOf: run.lockFile) == whole)
      lock.release()
    }
  }

  @Test func heartbeatMovesTheTime() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      let lock = try #require(try RunLock.acquire(run))
      let old = Date(timeIntervalSinceNow: -3600)
      try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: run.lockFile.path)
      #expect(abs(try RunLock.probe(run).heartbeat!.timeIntervalSince(old)) < 1)
      try lock.heartbeat()
      #expect(abs(try RunLock.probe(run).heartbeat!.timeIntervalSinceNow) < 60)
      lock.release()
    }
  }

  /// Removed by hand, its file would lock nobody out any more.
  @Test func theHolderPutsItsFileBack() throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      let lock = try #require(try RunLock.acquire(run))
      for _ in 0..<2 {
        try FileManager.default.removeItem(at: run.lockFile)
        try lock.heartbeat()
        #expect(try RunLock.probe(run).isHeld && RunLock.probe(run).holder?.pid == Int(getpid()))
        #expect(try RunLock.acquire(run) == nil)
      }
      lock.release()
      #expect(try RunLock.acquire(run) != nil)
    }
  }

  @Test func whoeverHasItSinceKeepsIt() throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      let lock = try #require(try RunLock.acquire(run))
      try FileManager.default.removeItem(at: run.lockFile)
      let other = LockHolder(host: "elsewhere", pid: 1)
      let theirs = try #require(try FileLock.acquire(run.lockFile))
      try theirs.write(JSONEncoder().encode(other))
      #expect(throws: StoreError.locked(file: run.lockFile.path, holder: other)) { try lock.heartbeat() }
      theirs.release()
      try lock.heartbeat()
      #expect(try RunLock.probe(run).holder?.pid == Int(getpid()))
    }
  }

  /// The whole folder, or all but what its worker wrote in that instant.
  @Test(arguments: [true, false]) func nothingIsPutIntoAFolderThatIsTakenAway(isWhole: Bool) throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      let lock = try #require(try RunLock.acquire(run))
      try FileManager.default.removeItem(at: run.url)
      if !isWhole { try FileManager.default.createDirectory(at: run.url, withIntermediateDirectories: false) }
      #expect(throws: StoreError.removed(folder: run.url.path)) { try lock.heartbeat() }
      #expect(try names(in: folder) == (isWhole ? [] : [run.name]))
      #expect(!FileManager.default.fileExists(atPath: run.lockFile.path))
    }
  }

  /// The kernel drops a killed holder's lock; its name stays readable.
  @Test func killedHolder() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
        let lock = try RunLock.acquire(RunDirectory(URL(filePath: path)))
        precondition(lock != nil)
        kill(getpid(), SIGKILL)
      }
      let run = RunDirectory(folder)
      let probe = try RunLock.probe(run)
      #expect(!probe.isHeld && probe.holder != nil && probe.holder?.pid != Int(getpid()))
      #expect(try RunLock.acquire(run) != nil)
    }
  }

  /// Two processes race for one lock many times; each acquisition appends its process's mark while it holds the lock.
  @Test func twoProcessesRace() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path
      let rounds = 200
      async let first = #expect(processExitsWith: .success) { [path = path as String, rounds = rounds as Int] in
        try Race.run(in: path, rounds: rounds)
      }
      async let second = #expect(processExitsWith: .success) { [path = path as String, rounds = rounds as Int] in
        try Race.run(in: path, rounds: rounds)
      }
      _ = await (first, second)
      let count = try String(contentsOf: folder.appending(path: "counter"), encoding: .utf8)
      #expect(count == String(2 * rounds))
    }
  }
}

/// Adds one to a number in a file, `rounds` times: increments are lost as soon as two processes hold the lock.
enum Race {
  static func run(in path: String, rounds: Int) throws {
    let folder = URL(filePath: path)
    let counter = folder.appending(path: "counter")
    for _ in 0..<rounds {
      var lock = try RunLock.acquire(RunDirectory(folder))
      while lock == nil { lock = try RunLock.acquire(RunDirectory(folder)) }
      let value = (try? String(contentsOf: counter, encoding: .utf8)).flatMap(Int.init) ?? 0
      try Data("\(value + 1)".utf8).write(to: counter)
      lock?.release()
    }
  }
}
