import Foundation
import Store
import System
import TestSupport
import Testing

/// When a worker that holds a run counts as silent.
@Suite struct WorkerSilenceTests {
  private let temporary: TemporaryFolder
  private let run: RunDirectory
  private let lock: RunLock
  private let now = Date()

  init() throws {
    temporary = try TemporaryFolder()
    run = Workspace(temporary.url).runDirectory(named: "run")
    try run.create(planJSON: Data("plan".utf8), identity: sha256("plan"), environment: Fixture.environment())
    lock = try #require(try RunLock.acquire(run))
  }

  private func silence(after seconds: Double) -> WorkerSilence? { run.silence(now: now.addingTimeInterval(seconds)) }

  private func finishEpoch(seconds: Double) throws {
    try JournalWriter(url: run.journal).append(
      .epoch(
        EpochRecord(
          epoch: 1, trainingLoss: 1, learningRate: 0.1, validationDice: [], meanDice: nil, monitor: 0, seconds: seconds)
      ))
  }

  @Test func beforeTheFirstEpochTenMinutesAreUsual() throws {
    #expect(silence(after: 599) == nil)
    let silent = try #require(silence(after: 725))
    #expect(silent.holder == .current && !silent.isStopped && abs(silent.seconds - 725) < 60)
  }

  @Test func twiceTheLongestEpochIsUsual() throws {
    try finishEpoch(seconds: 1000)
    #expect(silence(after: 1900) == nil && silence(after: 2100) != nil)
  }

  @Test func shortEpochsAreGivenTwoMinutes() throws {
    try finishEpoch(seconds: 1)
    #expect(silence(after: 100) == nil && silence(after: 200) != nil)
  }

  @Test func whoWritesHowFarHeIsIsNotSilent() throws {
    let beat = Heartbeat(
      phase: .validating, epoch: 1, epochs: 2, step: 1, steps: 1, loss: nil, lastLoss: nil, best: nil, fraction: 0.5,
      secondsLeft: nil, written: now.addingTimeInterval(700))
    beat.write(in: run.url)
    #expect(silence(after: 725) == nil && silence(after: 1400) != nil)
  }

  @Test func nobodyIsSilentWhereNobodyHoldsIt() throws {
    lock.release()
    #expect(silence(after: 10_000) == nil)
  }

  /// A process of this machine that was stopped is told at once.
  @Test func aStoppedProcessIsToldAtOnce() throws {
    lock.release()
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/bin/sleep")
    child.arguments = ["600"]
    try child.run()
    let pid = child.processIdentifier
    defer { kill(pid, SIGKILL) }
    let own = try #require(try FileLock.acquire(run.lockFile))
    try own.write(JSONEncoder().encode(LockHolder(host: Machine.hostName, pid: Int(pid))))
    #expect(silence(after: 60) == nil)
    kill(pid, SIGSTOP)
    // The state is there when the signal was taken.
    for _ in 0..<500 where silence(after: 60) == nil { usleep(10_000) }
    #expect(silence(after: 60)?.isStopped == true && silence(after: 60)?.holder?.pid == Int(pid))
    #expect(silence(after: 1)?.isStopped == true)
    own.release()
  }
}
