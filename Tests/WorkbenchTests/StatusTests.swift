import Experiments
import Foundation
import Models
import Store
import TestSupport
import Testing
import Volumes
import Workbench

@Suite struct StatusTests {
  private let temporary: TemporaryFolder
  let workspace: Workspace
  let plan: Plan

  init() throws {
    temporary = try TemporaryFolder()
    workspace = Workspace(temporary.url)
    try workspace.prepare()
    plan = Plan(
      model: ModelConfiguration(SAFNet()), structures: LabelMap(structures: [.init(name: "L1", value: 1)]),
      dataset: DatasetFingerprint(digest: "x", cases: 3), preprocessing: Preprocessing(), augmentation: nil,
      fold: Fold(number: 1, train: ["a"], validation: ["b"], test: ["c"]), training: TrainingPlan())
  }

  func directory(_ name: String) throws -> RunDirectory {
    let run = workspace.runDirectory(named: name)
    try run.create(
      planJSON: plan.canonicalJSON, identity: plan.identity,
      environment: .current(programVersion: "1", instructionSet: "scalar", threads: 1, commandLine: []))
    return run
  }

  let worker = WorkerRecord(
    host: "h", pid: 1, threads: 2, instructionSet: "avx512", programVersion: "1", attempt: 1)
  let epoch = EpochRecord(
    epoch: 1, trainingLoss: 0.25, learningRate: 0.001, validationDice: [0.5], meanDice: 0.5, monitor: 0.5, seconds: 61)

  @Test func theBoardShowsPlannedRunsWithTheirNumbers() throws {
    let planned = PlannedRun(variant: "SAFNet", plan: plan)
    var other = plan
    other.training.seed = 1
    let waiting = PlannedRun(variant: "Other", plan: other)
    let run = try directory(planned.directoryName)
    let journal = try JournalWriter(url: run.journal)
    try journal.append(.started(worker))
    try journal.append(.epoch(epoch))
    try journal.append(.failed(FailureRecord(message: "it broke", attempt: 1, retryable: true)))
    try Data("last words\n".utf8).write(to: run.logFile)
    let statuses = try StatusBoard(workspace: workspace, runs: [planned, waiting]).read()
    #expect(statuses.map(\.state) == [.failed, .queued])
    #expect(
      StatusTable.lines(statuses) == [
        "run             state   epochs  best val  test Dice  time        left",
        "SAFNet, fold 1  failed  1/50    50.00 %              1 min 01 s",
        "Other, fold 1   queued  0/50",
        "\(planned.directoryName) failed: it broke",
        "    last words",
        "2 runs: 1 queued, 1 failed",
      ])
    let all = try StatusBoard(workspace: workspace, runs: nil).read()
    #expect(all.map(\.run) == [planned.directoryName] && all[0].variant == nil)
    #expect(StatusTable.lines([]) == ["no runs yet: `safnet run` with an experiment begins some"])
  }

  /// Whose lock nobody has touched for an hour, though it is held.
  @Test func aSilentWorkerIsTold() throws {
    let planned = PlannedRun(variant: "SAFNet", plan: plan)
    let run = try directory(planned.directoryName)
    let lock = try #require(try RunLock.acquire(run))
    try JournalWriter(url: run.journal).append(.started(worker))
    let board = try StatusBoard(workspace: workspace, runs: [planned])
    #expect(try board.read().map(\.state) == [.running] && board.read()[0].silence == nil)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: run.lockFile.path)
    let lines = StatusTable.lines(try board.read())
    #expect(lines[1].contains("running") && lines.count == 4)
    let words =
      "\(planned.directoryName) is running, but no sign of life for 1 h 00 min (\(LockHolder.current)); if it hangs"
    #expect(
      lines[2].hasPrefix(words) && lines[2].hasSuffix("`safnet run` goes on from what it has saved"), "\(lines[2])")
    lock.release()
    #expect(try board.read().map(\.state) == [.stale] && board.read()[0].silence == nil)
    let legend =
      "stale: its process is gone and has not said why (killed, or the machine went down); `safnet run` goes on after"
    #expect(try StatusTable.lines(board.read()).contains { $0 == legend + " the epochs that are shown" })
    #expect(!lines.contains { $0.hasPrefix("stale:") }, "of a run that is at work")
  }

  @Test func aRunIsDescribedInWords() throws {
    let run = try directory("run")
    let journal = try JournalWriter(url: run.journal)
    let time = Date(timeIntervalSince1970: 1_800_000_000)
    try journal.append(.started(worker), at: time)
    try journal.append(.epoch(epoch), at: time)
    try journal.append(.interrupted(InterruptionRecord(reason: "SIGTERM", epoch: 1, stepInEpoch: 3)), at: time)
    try journal.append(
      .resumed(ResumeRecord(worker: worker, epoch: 1, stepInEpoch: 3, notices: ["last.h5 is damaged"])), at: time)
    let text = try RunDescription(of: run).text
    for words in [
      "run: stale, ", "plan \(plan.identity)", "2027-01-15T08:00:00Z  started on h, 2 threads, avx512",
      "interrupted (SIGTERM) after epoch 1, step 3", "resumed after epoch 1, step 3; last.h5 is damaged",
      "1      0.25  0.001          50.00 %  50.00 %    1 min 01 s",
    ] {
      #expect(text.contains(words), "\(words) is missing in \(text)")
    }
  }

  @Test func comparisonsNameWhatDiffers() throws {
    let first = try directory("first")
    var other = plan
    other.training.seed = 1
    let second = workspace.runDirectory(named: "second")
    try second.create(
      planJSON: other.canonicalJSON, identity: other.identity,
      environment: .current(programVersion: "1", instructionSet: "scalar", threads: 1, commandLine: []))
    let comparison = try RunComparison(of: [first, second], in: workspace)
    #expect(comparison.differences.map(\.field) == ["training.seed"])
    #expect(comparison.differences[0].values == ["2023", "1"])
    #expect(comparison.text.hasSuffix("training.seed  2023    1"))
    #expect(comparison.text.contains("\nbest val"), "\(comparison.text)")
  }

  @Test func manyRunsAreALineForEachVariant() {
    let statuses = (0..<120).map { number -> RunStatus in
      var status = RunStatus(run: "r\(number)", state: number < 60 ? .finished : number == 61 ? .failed : .queued)
      (status.variant, status.fold, status.seed) = (number % 2 == 0 ? "A" : "B", number / 20 + 1, UInt64(number))
      status.testDice = number < 60 ? 0.5 : nil
      return status
    }
    let lines = StatusTable.lines(statuses, all: false)
    #expect(lines.count == 3 + 4 + 1, "\(lines)")
    #expect(lines[1].hasPrefix("A ") && lines[1].contains("50.00 %") && lines[2].hasPrefix("B "))
    #expect(lines.last == "120 runs: 59 queued, 60 finished, 1 failed; --all shows each")
    #expect(StatusTable.lines(statuses).count == 123)
  }
}
