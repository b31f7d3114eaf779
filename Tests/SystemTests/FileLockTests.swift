import Foundation
import System
import TestSupport
import Testing

@Suite struct FileLockTests {
  @Test func oneHolderAtATime() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "lock")
      #expect(try FileLock.probe(file) == nil)
      let lock = try #require(try FileLock.acquire(file))
      #expect(try FileLock.acquire(file) == nil)
      #expect(try FileLock.probe(file)?.isHeld == true)
      lock.release()
      lock.release()
      #expect(try FileLock.probe(file)?.isHeld == false)
      #expect(try FileLock.acquire(file) != nil)
    }
  }

  @Test func theContentIsReplacedAndStays() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "lock")
      let lock = try #require(try FileLock.acquire(file))
      try lock.write(Data("somebody".utf8))
      try lock.write(Data("me".utf8))
      #expect(try FileLock.probe(file)?.content == Data("me".utf8))
      lock.release()
      #expect(try FileLock.probe(file)?.content == Data("me".utf8))
    }
  }

  /// Opening a FIFO would wait for its other end, for ever.
  @Test func aFIFOInItsPlaceIsNotWaitedFor() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "lock")
      #expect(mkfifo(file.path, 0o600) == 0)
      #expect(try FileLock.probe(file)?.isHeld == false)
      let lock = try FileLock.acquire(file)
      lock?.release()
    }
  }

  @Test func touchingMovesTheTime() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "lock")
      let lock = try #require(try FileLock.acquire(file))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: file.path)
      let old = try #require(try FileLock.probe(file)?.modified)
      lock.touch(holding: Data())
      #expect(try FileLock.probe(file)!.modified.timeIntervalSince(old) > 50)
    }
  }

  /// The kernel drops a killed holder's lock.
  @Test func aKilledHolderHoldsNothing() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.appending(path: "lock").path
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
        let lock = try FileLock.acquire(URL(fileURLWithPath: path))
        precondition(lock != nil)
        kill(getpid(), SIGKILL)
      }
      let file = URL(fileURLWithPath: path)
      let probe = try FileLock.probe(file)
      #expect(try probe?.isHeld == false && FileLock.acquire(file) != nil)
    }
  }

  /// The holder's name would be written into what the link points to.
  @Test func aLinkIsNoLock() throws {
    try withTemporaryFolder { folder in
      let (file, other) = (folder.appending(path: "lock"), folder.appending(path: "evaluation.h5"))
      try Data("numbers".utf8).write(to: other)
      try FileManager.default.createSymbolicLink(at: file, withDestinationURL: other)
      let refusal = SystemError(file: file.path, action: .lock, code: ELOOP)
      #expect(throws: refusal) { try FileLock.acquire(file) }
      #expect(refusal.description.hasSuffix("Remove the link that stands there: what it points to is left alone."))
      #expect(try Data(contentsOf: other) == Data("numbers".utf8))
      try FileManager.default.removeItem(at: file)
      #expect(try FileLock.acquire(file) != nil)
    }
  }

  /// Another part of the program starts a process in this moment: until its own program begins it has all that is open here.
  @Test func aLockIsFreeThoughACopyOfItsFileIsOpen() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "lock")
      let lock = try #require(try FileLock.acquire(file))
      let numbers = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
      let own = numbers.first { number in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)"))
          == file.resolvingSymlinksInPath().path
      }
      let copy = dup(try #require(own))
      defer { close(copy) }
      lock.release()
      #expect(try FileLock.acquire(file) != nil)
    }
  }

  @Test func whatCannotBeMadeIsNamed() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "gone/lock")
      #expect(throws: SystemError(file: file.path, action: .lock, code: ENOENT)) { try FileLock.acquire(file) }
    }
  }
}

@Suite struct FolderLockTests {
  /// The lock is waited for, and what its last holder left behind when it was killed is removed.
  @Test func waitsForItsTurn() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: FolderLock.name)
      let lock = try #require(try FileLock.acquire(file))
      try Data("half".utf8).write(to: folder.appending(path: ".case.1-a.partial"))
      let start = Date()
      let release = Thread {
        Thread.sleep(forTimeInterval: 0.2); lock.release()
      }
      release.start()
      let own = FolderLock(folder)
      #expect(Date().timeIntervalSince(start) > 0.15)
      own.removeOrphans()
      #expect(try names(in: folder) == [FolderLock.name])
      #expect(try FileLock.acquire(file) == nil)
      own.release()
      #expect(try FileLock.acquire(file) != nil)
    }
  }

  @Test func withoutALockNothingIsRemoved() throws {
    try withTemporaryFolder { folder in
      // A folder under the lock's name: it cannot be opened, as where there are no locks.
      try Folder.create(folder.appending(path: FolderLock.name))
      try Data("half".utf8).write(to: folder.appending(path: ".case.1-a.partial"))
      let lock = FolderLock(folder)
      lock.removeOrphans()
      lock.release()
      #expect(try names(in: folder) == [".case.1-a.partial", FolderLock.name])
    }
  }
}
