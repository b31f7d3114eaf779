import Foundation
import Scheduling
import Store
import TestSupport
import Testing

@Suite struct WorkspaceWatcherTests {
  private let temporary: TemporaryFolder
  let workspace: Workspace

  init() throws {
    temporary = try TemporaryFolder()
    workspace = Workspace(temporary.url)
    try workspace.prepare()
  }

  func directory(_ name: String) throws -> RunDirectory {
    let run = workspace.runDirectory(named: name)
    try run.create(
      planJSON: Data("{}".utf8), identity: GuardedFile.digest(Data("{}".utf8)),
      environment: .current(programVersion: "1", instructionSet: "scalar", threads: 1, commandLine: []))
    return run
  }

  let worker = WorkerRecord(
    host: "h", pid: 1, threads: 2, instructionSet: "avx512", programVersion: "1", attempt: 1)

  @Test func sightingsFollowJournalLockAndEvaluation() throws {
    let watcher = WorkspaceWatcher(workspace)
    #expect(watcher.sighting(of: "new") == .free)
    let run = try directory("run")
    #expect(watcher.sighting(of: "run") == .free)
    let lock = try #require(try RunLock.acquire(run))
    #expect(watcher.sighting(of: "run") == .locked)
    lock.release()
    let journal = try JournalWriter(url: run.journal)
    try journal.append(.started(worker))
    try journal.append(.finished(FinishRecord(epochs: 1, seconds: 1)))
    // Its evaluation is lost: the worker shall make it again.
    #expect(watcher.sighting(of: "run") == .free)
    let identity = GuardedFile.digest(Data("{}".utf8))
    try EvaluationFile.write(
      StoredEvaluation(planIdentity: identity, structures: [], cases: []), to: run.evaluationFile)
    #expect(watcher.sighting(of: "run") == .finished)
    #expect(WorkspaceWatcher(workspace, damaged: ["run"]).sighting(of: "run") == .free)
  }

  @Test func savedProgressIsTheCheckpointsAge() throws {
    let run = try directory("run")
    let watcher = WorkspaceWatcher(workspace)
    #expect(watcher.savedProgress(of: "run") == 0)
    try Data().write(to: run.lastCheckpoint)
    #expect(watcher.savedProgress(of: "run") > 1_000_000_000_000)
  }

  /// Somebody has removed the folder of a run that is trained: that is said in place of a log that is gone too.
  @Test func aFolderThatIsGoneIsSaid() throws {
    let run = try directory("run")
    try Data("first\nlast words\n".utf8).write(to: run.logFile)
    let watcher = WorkspaceWatcher(workspace)
    #expect(watcher.lastWords(of: "run") == "last words" && run.lossWords == nil)
    #expect(watcher.lostPlace(of: "run") == nil)
    try FileManager.default.removeItem(at: run.url)
    #expect(watcher.lostPlace(of: "run") == .run && watcher.lastWords(of: "run") == nil)
    #expect(
      run.lossWords
        == "its folder \(run.url.path) is gone: it was removed or moved while the run was trained. Put it back, or give the"
        + " same `safnet run` again, which trains it from the beginning")
    watcher.recordFailure(of: "run", .failed(status: 1))
    #expect(!FileManager.default.fileExists(atPath: run.url.path), "it is not made anew to say so")
  }

  /// Removed while its worker wrote into it: some files came behind the hand that took them away.
  @Test func aFolderThatIsHalfGoneIsSaid() throws {
    let run = try directory("run")
    for file in [run.planFile, run.lockFile] { try FileManager.default.removeItem(at: file) }
    try Data().write(to: run.lastCheckpoint)
    let watcher = WorkspaceWatcher(workspace)
    #expect(watcher.lostPlace(of: "run") == .run)
    #expect(run.lossWords?.hasPrefix("what was in its folder \(run.url.path) is gone: ") == true)
    watcher.recordFailure(of: "run", .failed(status: 1))
    #expect(try FileManager.default.contentsOfDirectory(atPath: run.url.path) == ["last.h5"])
  }

  /// The whole of it or its folder of runs: none of them is looked for any more.
  @Test func aWorkspaceThatIsGoneIsSaid() throws {
    let run = try directory("run")
    let watcher = WorkspaceWatcher(workspace)
    try FileManager.default.removeItem(at: workspace.runsFolder)
    #expect(watcher.lostPlace(of: "run") == .workspace)
    #expect(
      workspace.lossWords
        == "the folder \(workspace.runsFolder.path) was moved or removed while runs were trained in it: put it back and give"
        + " the same `safnet run` again, which trains everything anew where it was removed")
    try FileManager.default.removeItem(at: workspace.root)
    #expect(watcher.lostPlace(of: "run") == .workspace)
    #expect(
      workspace.lossWords
        == "the workspace \(workspace.root.path) was moved or removed while runs were trained: put it back and give the same"
        + " `safnet run` again, which trains everything anew where it was removed; or go on where it is now with"
        + " --workspace")
    watcher.recordFailure(of: "run", .failed(status: 1))
    #expect(!FileManager.default.fileExists(atPath: workspace.root.path) && !run.exists)
  }

  /// A full disk took the line of the log, and not that of the journal.
  @Test func whereTheLogIsEmptyTheJournalSpeaks() throws {
    let run = try directory("run")
    try Data().write(to: run.logFile)
    let watcher = WorkspaceWatcher(workspace)
    #expect(watcher.lastWords(of: "run") == nil)
    let journal = try JournalWriter(url: run.journal)
    try journal.append(.started(worker))
    try journal.append(.failed(FailureRecord(message: "the disk is full", attempt: 1, retryable: true)))
    #expect(watcher.lastWords(of: "run") == "the disk is full")
  }

  /// What was to be added to a finished run, and could not be, takes nothing from it.
  @Test func aFinishedRunStaysFinished() throws {
    let run = try directory("run")
    let journal = try JournalWriter(url: run.journal)
    try journal.append(.started(worker))
    try journal.append(.finished(FinishRecord(epochs: 1, seconds: 1)))
    WorkspaceWatcher(workspace).recordFailure(of: "run", .failed(status: 1))
    #expect(try run.history().state(isLocked: false) == .finished)
  }

  @Test func aCrashIsWrittenDownOnce() throws {
    let run = try directory("run")
    try JournalWriter(url: run.journal).append(.started(worker))
    try Data("first\nlast words\n".utf8).write(to: run.logFile)
    let watcher = WorkspaceWatcher(workspace)
    for _ in 1...2 { watcher.recordFailure(of: "run", .crashed(signal: 11)) }
    let failures = try Journal.read(run.journal).compactMap { timed -> FailureRecord? in
      if case .failed(let record) = timed.event { record } else { nil }
    }
    #expect(failures.map(\.message) == ["crashed with signal 11 (SIGSEGV, segmentation fault)"])
    #expect(failures[0].logTail == ["first", "last words"] && failures[0].attempt == 1)
    #expect(try run.state() == .failed)
  }
}
