import Foundation
import Store
import TestSupport
import Testing
import System

/// Which checkpoint a run goes on from, whatever happened to its files.
@Suite struct CheckpointChoiceTests {
  /// A run after three epochs, with the best at `best`.
  private func run(in folder: URL, best: Int) throws -> RunDirectory {
    let run = RunDirectory(folder)
    for epoch in 1...3 {
      try CheckpointFile.write(
        Fixture.checkpoint(epoch: epoch), to: run.lastCheckpoint, keeping: run.previousCheckpoint)
      if epoch == best { try CheckpointFile.write(Fixture.checkpoint(epoch: epoch), to: run.bestCheckpoint) }
    }
    return run
  }

  private func damage(_ url: URL) throws {
    var data = try Data(contentsOf: url)
    data[data.count / 2] ^= 1
    try data.write(to: url)
  }

  @Test func none() throws {
    try withTemporaryFolder { folder in
      let found = try CheckpointFile.readNewest(in: RunDirectory(folder))
      #expect(found == nil)
    }
  }

  @Test func theLast() throws {
    try withTemporaryFolder { folder in
      let found = try #require(try CheckpointFile.readNewest(in: run(in: folder, best: 1)))
      #expect(found.checkpoint.epoch == 3 && found.notices.isEmpty)
      #expect(found.url.lastPathComponent == "last.h5")
      #expect(try names(in: folder) == ["best.h5", "last.h5", "last.previous.h5"])
    }
  }

  @Test(arguments: [(1, 2, "last.previous.h5"), (3, 3, "best.h5")])
  func theNewestOfTheOthers(best: Int, epoch: Int, name: String) throws {
    try withTemporaryFolder { folder in
      let run = try run(in: folder, best: best)
      try damage(run.lastCheckpoint)
      let found = try #require(try CheckpointFile.readNewest(in: run))
      #expect(found.checkpoint.epoch == epoch && found.url.lastPathComponent == name)
      #expect(found.notices as? [StoreError] == [.damaged(file: run.lastCheckpoint.path, .checksum)])
    }
  }

  @Test func oldOnesServeWhenAllYoungerAreDamaged() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      for epoch in 1...4 {
        try run.ageEarlierCheckpoints(keeping: 3)
        try CheckpointFile.write(
          Fixture.checkpoint(epoch: epoch), to: run.lastCheckpoint, keeping: run.previousCheckpoint)
      }
      for url in [run.lastCheckpoint, run.earlierCheckpoint(1), run.earlierCheckpoint(2)] { try damage(url) }
      let found = try #require(try CheckpointFile.readNewest(in: run))
      #expect(found.checkpoint.epoch == 1 && found.url.lastPathComponent == "last.previous-3.h5")
      #expect(found.notices.count == 3)
    }
  }

  /// As a kill between two renames leaves it where the file system has no hard links.
  @Test func aMissingLastIsNoticed() throws {
    try withTemporaryFolder { folder in
      let run = try run(in: folder, best: 1)
      try FileManager.default.removeItem(at: run.lastCheckpoint)
      let found = try #require(try CheckpointFile.readNewest(in: run))
      #expect(found.checkpoint.epoch == 2)
      #expect(
        found.notices as? [SystemError] == [SystemError(file: run.lastCheckpoint.path, action: .read, code: ENOENT)])
    }
  }

  @Test func allDamagedIsAnErrorAndNotANewStart() throws {
    try withTemporaryFolder { folder in
      let run = try run(in: folder, best: 1)
      for url in [run.lastCheckpoint, run.previousCheckpoint, run.bestCheckpoint] { try damage(url) }
      #expect(throws: StoreError.damaged(file: run.lastCheckpoint.path, .checksum)) {
        try CheckpointFile.readNewest(in: run)
      }
    }
  }

  @Test func aNewerFormatIsNotPassedOver() throws {
    try withTemporaryFolder { folder in
      let run = try run(in: folder, best: 1)
      try Fixture.newerCheckpoint(format: 9).write(to: run.lastCheckpoint)
      #expect(throws: StoreError.newerFormat(file: run.lastCheckpoint.path, found: 9, known: 1)) {
        try CheckpointFile.readNewest(in: run)
      }
    }
  }

  /// Killed at random instants of writing, again and again: what was there stays readable, and the next process removes
  /// what was left lying about.
  @Test func killedWhileWriting() async throws {
    try await withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      var epoch = 0
      for round in 0..<20 {
        let (path, first, delay) = (folder.path, epoch + 1, UInt32(200 + round * 400))
        await #expect(processExitsWith: .signal(SIGKILL)) {
          [path = path as String, first = first as Int, delay = delay as UInt32] in
          let run = RunDirectory(URL(filePath: path))
          try CheckpointFile.write(
            Fixture.checkpoint(epoch: first), to: run.lastCheckpoint, keeping: run.previousCheckpoint)
          Thread.detachNewThread {
            usleep(delay)
            kill(getpid(), SIGKILL)
          }
          for epoch in (first + 1)... {
            try CheckpointFile.write(
              Fixture.checkpoint(epoch: epoch), to: run.lastCheckpoint, keeping: run.previousCheckpoint)
          }
        }
        let found = try #require(try CheckpointFile.readNewest(in: run))
        #expect(found.notices.isEmpty && found.checkpoint.epoch > epoch)
        #expect(found.checkpoint == Fixture.checkpoint(epoch: found.checkpoint.epoch))
        epoch = found.checkpoint.epoch
        try #require(try RunLock.acquire(run)).release()
        #expect(try names(in: folder).filter { $0 != "last.previous.h5" } == ["last.h5", "run.lock"])
      }
    }
  }
}
