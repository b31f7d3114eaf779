import Foundation
import Store
import TestSupport
import Testing
import System

/// Each kind of write meets a real refusal of the system; the old file stays, nothing is left beside it.
@Suite struct WriteFailureTests {
  /// A file-size limit fails a write in the middle, as a quota would. In a child: the limit holds for a process.
  @Test func fileSizeLimit() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path
      try CheckpointFile.write(Fixture.checkpoint(epoch: 1), to: folder.appending(path: "last.h5"))
      await #expect(processExitsWith: .success) { [path = path as String] in
        let folder = URL(filePath: path)
        limitFileSize(to: 3000)
        let error = #expect(throws: SystemError.self) {
          try CheckpointFile.write(Fixture.checkpoint(epoch: 2), to: folder.appending(path: "last.h5"))
        }
        #expect(error?.action == .write && error?.code == EFBIG)
        #expect("\(error!)".contains("Raise the limit on file sizes (ulimit -f)"))
      }
      #expect(try names(in: folder) == ["last.h5"])
      #expect(try CheckpointFile.read(folder.appending(path: "last.h5")) == Fixture.checkpoint(epoch: 1))
    }
  }

  /// A journal whose append fails half way takes the half line back and can be written again.
  @Test func journalTakesHalfALineBack() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path
      await #expect(processExitsWith: .success) { [path = path as String] in
        let url = URL(filePath: path).appending(path: "journal.jsonl")
        let writer = try JournalWriter(url: url)
        try writer.append(.started(Fixture.worker))
        let position = writer.position
        limitFileSize(to: position + 20)
        #expect(throws: SystemError(file: url.path, action: .write, code: EFBIG)) {
          try writer.append(.epoch(Fixture.epoch(1)))
        }
        #expect(writer.position == position)
        #expect(try Data(contentsOf: url).count == position)
        limitFileSize(to: .max)
        try writer.append(.epoch(Fixture.epoch(1)))
        #expect(try Journal.read(url).map(\.event) == [.started(Fixture.worker), .epoch(Fixture.epoch(1))])
      }
    }
  }

  /// A progress line is not worth an error, nor a file beside it.
  @Test func refusedProgressLeavesNothing() throws {
    try withTemporaryFolder { folder in
      let place = folder.appending(path: Heartbeat.fileName)
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      let beat = Heartbeat(
        phase: .training, epoch: 1, epochs: 2, step: 1, steps: 4, loss: 0.5, lastLoss: nil, best: nil, fraction: 0.1,
        secondsLeft: nil)
      beat.write(in: folder)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [Heartbeat.fileName])
      try FileManager.default.removeItem(at: place)
      beat.write(in: folder)
      #expect(Heartbeat.read(in: folder)?.epoch == 1)
    }
  }

  @Test(.enabled(if: SmallDisk.isAllowed, "only root can mount a small disk"))
  func fullDisk() throws {
    try withTemporaryFolder { folder in
      try SmallDisk.with(folder, kilobytes: 64) {
        let url = folder.appending(path: "last.h5")
        try CheckpointFile.write(Fixture.checkpoint(epoch: 1), to: url)
        let filler = Data(count: 80 << 10)
        let error = #expect(throws: SystemError.self) {
          try AtomicFile.write(filler, to: folder.appending(path: "filler"))
        }
        #expect("\(error!)".contains("no space left on device. Free disk space, then give the same command again"))
        #expect(try names(in: folder) == ["last.h5"])
        #expect(try CheckpointFile.read(url) == Fixture.checkpoint(epoch: 1))
      }
    }
  }

  /// Every file of a run on a disk without space: an error each, and once there is space, all of it works.
  @Test(.enabled(if: SmallDisk.isAllowed, "only root can mount a small disk"))
  func everyFileOnAFullDisk() throws {
    try withTemporaryFolder { folder in
      try SmallDisk.with(folder, kilobytes: 512) {
        let (run, second) = (try Fixture.run(in: folder), RunDirectory(folder.appending(path: "second")))
        let journal = try JournalWriter(url: run.journal)
        func checkpoint() throws { try CheckpointFile.write(Fixture.checkpoint(), to: run.bestCheckpoint) }
        func evaluation() throws { try EvaluationFileTests.write(to: run.evaluationFile) }
        func plan() throws {
          try second.create(planJSON: Data("plan".utf8), identity: Fixture.identity, environment: Fixture.environment())
        }
        func event() throws { try journal.append(.epoch(Fixture.epoch(1))) }

        let filler = folder.appending(path: "filler")
        try Data(count: SmallDisk.freeBytes(folder)).write(to: filler)
        for write in [checkpoint, evaluation, plan] { expectNoSpace(write) }
        var written = 0
        // The last page of the journal still has room for a few lines.
        expectNoSpace { while true { try event(); written += 1 } }
        #expect(try Journal.read(run.journal).count == written)

        try FileManager.default.removeItem(at: filler)
        for write in [checkpoint, evaluation, plan, event] { try write() }
        #expect(try Journal.read(run.journal).count == written + 1)
        #expect(try CheckpointFile.read(run.bestCheckpoint) == Fixture.checkpoint())
        #expect(try EvaluationFile.read(run.evaluationFile).cases == EvaluationFileTests.cases)
        #expect(try second.readPlan().identity == Fixture.identity)
        #expect(
          try names(in: run.url) == ["best.h5", "evaluation.h5", "journal.jsonl", "plan.json", "run.lock"])
      }
    }
  }

  @Test(.enabled(if: SmallDisk.isAllowed, "only root can mount a read-only disk"))
  func readOnlyDisk() throws {
    try withTemporaryFolder { folder in
      try SmallDisk.with(folder, kilobytes: 256) {
        let run = try Fixture.run(in: folder)
        try SmallDisk.makeReadOnly(folder)
        let checkpoint = #expect(throws: SystemError.self) {
          try CheckpointFile.write(Fixture.checkpoint(), to: run.lastCheckpoint)
        }
        #expect("\(checkpoint!)".contains("read-only file system. Choose a folder on a disk that can be written"))
        #expect(throws: SystemError(file: run.journal.path, action: .create, code: EROFS)) {
          try JournalWriter(url: run.journal)
        }
        #expect(throws: SystemError(file: run.lockFile.path, action: .lock, code: EROFS)) {
          try RunLock.acquire(run)
        }
        #expect(try run.readPlan().identity == Fixture.identity)
        #expect(try run.state() == .queued)
      }
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func noPermission() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "plan.json")
      chmod(folder.path, 0o555)
      defer { chmod(folder.path, 0o755) }
      let error = #expect(throws: SystemError.self) { try AtomicFile.write(Data(), to: url) }
      #expect("\(error!)".contains("permission denied. Give this user the right to do so (chmod, chown)"))
    }
  }
}

private func expectNoSpace(_ write: () throws -> Void) {
  let error = #expect(throws: SystemError.self, performing: write)
  #expect(error?.code == ENOSPC)
}

/// For this process, until it is raised again.
private func limitFileSize(to bytes: Int) {
  var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: .max)
  precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
}

/// A small file system in memory, for tests that run as root.
enum SmallDisk {
  static let isAllowed: Bool = {
    guard geteuid() == 0 else { return false }
    return (try? withTemporaryFolder { folder in try with(folder, kilobytes: 64) {} }) != nil
  }()

  static func with(_ folder: URL, kilobytes: Int, _ body: () throws -> Void) throws {
    guard mount("safnet", folder.path, "tmpfs", 0, "size=\(kilobytes)k") == 0 else { throw POSIXError(.EPERM) }
    defer { umount2(folder.path, Int32(MNT_DETACH)) }
    try body()
  }

  static func freeBytes(_ folder: URL) -> Int {
    var status = statvfs()
    precondition(statvfs(folder.path, &status) == 0)
    return Int(status.f_bavail) * Int(status.f_frsize)
  }

  static func makeReadOnly(_ folder: URL) throws {
    let flags = UInt(MS_REMOUNT | MS_RDONLY)
    guard mount("safnet", folder.path, "tmpfs", flags, nil) == 0 else { throw POSIXError(.EPERM) }
  }
}
