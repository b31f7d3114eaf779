import Compute
import Experiments
import Foundation
import Networks
import Store
import System
import Volumes

/// One worker's attempt at a run: holds the lock, the journal and the network while it lasts.
final class RunAttempt {
  private let run: TrainingRun
  private let lock: RunLock
  private let stop: StopFlag
  private let keeper: CheckpointKeeper
  private let journal: RunJournal
  private let source: CaseShelf
  private let session: any NetworkSession
  private var position: TrainingPosition
  private var pace: RunPace
  private var lastLoss: Double?

  private var plan: Plan { run.plan }

  /// Finds where to go on and says so in the journal.
  init(_ run: TrainingRun, lock: RunLock, stop: StopFlag) throws {
    (self.run, self.lock, self.stop) = (run, lock, stop)
    let plan = run.plan
    keeper = CheckpointKeeper(
      run: run.directory, plan: plan, planIdentity: plan.identity, programVersion: run.programVersion,
      numericsVersion: run.numericsVersion, mixesNumerics: run.mixesNumerics, earlier: run.earlierCheckpoints)
    let others = try keeper.setAsideOthers()
    let taken = try EarlierEpochs.take(
      for: run.directory, plan: plan, hardware: run.engine.hardware, numerics: run.numericsVersion)
    var start = try keeper.findStart()
    start.notices = others + start.notices + [taken].compactMap(\.self)
    journal = try RunJournal(of: run.directory, plan: plan.identity, resuming: start.checkpoint)
    source = CaseShelf(run.cases)
    session = try run.engine.checkedSession(
      SessionRequest(plan, trainingBatches: plan.training.batches(of: plan.fold.train.count), threads: run.threads))
    pace = RunPace(plan: plan, windows: 1)
    position = start.checkpoint.map { TrainingPosition($0) } ?? TrainingPosition()
    if let checkpoint = start.checkpoint {
      try session.importState(SessionState(checkpoint))
    } else {
      try session.initialize(seed: plan.training.seed)
      if let digest = plan.training.startDigest {
        let weights = try run.directory.startingWeights(digest)
        try session.begin(with: weights)
        start.notices.append("it begins with the weights of \(weights.planIdentity.prefix(12)), epoch \(weights.epoch)")
      }
    }
    try announce(start)
  }

  /// That the prediction of a case takes, in the mean over those that are predicted in every epoch.
  private func windowsOfACase() throws -> Double {
    guard let patch = plan.training.patch else { return 1 }
    let grids = try plan.fold.validation.map { ImageGrids.Image(name: $0, extent: try source.load($0).image.extent) }
    return ImageGrids(grids)?.meanWindows(of: patch) ?? 1
  }

  private func announce(_ start: CheckpointKeeper.Start) throws {
    var worker = WorkerRecord(
      host: Machine.hostName, pid: Int(getpid()), threads: run.threads, instructionSet: run.engine.hardware,
      programVersion: run.programVersion, numericsVersion: run.numericsVersion, plan: plan.identity,
      attempt: journal.attempt)
    var notices = start.notices + [journal.notice].compactMap { $0 }
    guard start.checkpoint != nil else {
      worker.notices = notices.isEmpty ? nil : notices
      return try journal.append(.started(worker))
    }
    notices += journal.lastWorker.map { worker.changesOfBits(after: $0) } ?? []
    try journal.append(
      .resumed(
        ResumeRecord(
          worker: worker, epoch: position.epoch, stepInEpoch: position.stepInEpoch, notices: notices,
          history: journal.lacksEpochs ? position.history : nil)))
  }

  func run(progress: @escaping (Heartbeat) -> Void) throws -> TrainingRun.Outcome {
    pace = RunPace(plan: plan, windows: try windowsOfACase())
    pace.begin(done: pace.done(position, tested: 0))
    progress(report(.preparing))
    let loop = epochLoop(progress)
    while !plan.training.isOver(after: position.history) {
      let (reached, end) = try loop.run(from: position, run: run.directory.name, stop: stop)
      position = reached
      guard end == .finished else { return try interrupt() }
      progress(report(.validating))
      guard try finishEpoch() else { return try interrupt() }
    }
    return try evaluate(progress)
  }

  private func epochLoop(_ progress: @escaping (Heartbeat) -> Void) -> EpochLoop {
    let steps = plan.training.batches(of: plan.fold.train.count).count
    let feeder = BatchFeeder(
      maker: BatchMaker(plan: plan, source: source), stepsPerEpoch: steps, preparesAhead: run.threads > 1)
    return EpochLoop(plan: plan, session: session, feeder: feeder) { [unowned self] position in
      self.position = position
      try lock.heartbeat()
      progress(report(.training))
    }
  }

  /// Validation, the journal's line, then the checkpoints: whatever is killed between, the epoch happens again or not
  /// at all. False, with nothing done, when a stop was asked for during validation, which is then made again.
  private func finishEpoch() throws -> Bool {
    let start = ContinuousClock.now
    let state = try session.exportState()
    let score = try session.predicting(with: state) {
      try Validator(plan: plan, source: source, session: session).score(stop: stop)
    }
    guard let score else {
      return false
    }
    // Validation may have taken long.
    try lock.heartbeat()
    let monitor = score.monitored(as: plan.training.monitor)
    position.partial.seconds += (ContinuousClock.now - start) / .seconds(1)
    lastLoss = position.partial.meanLoss
    let record = EpochRecord(
      epoch: position.epoch + 1, trainingLoss: lastLoss ?? 0,
      learningRate: plan.training.learningRate(after: position.history), validationDice: score.dice,
      meanDice: score.meanDice, monitor: monitor, seconds: position.partial.seconds)
    let isBest = position.finishEpoch(monitor: monitor)
    try journal.append(.epoch(record))
    let before = journal.position
    try saveLast(state)
    // After the last one, of which it can be made again; the other way round, what is best could be lost.
    if isBest { try keeper.saveBest(position, state, journalPosition: before) }
    pace.endEpoch(done: pace.done(position, tested: 0))
    return true
  }

  private func saveLast(_ state: SessionState) throws {
    try keeper.saveLast(position, state, journalPosition: journal.position)
    try journal.append(
      .checkpoint(
        CheckpointRecord(
          file: run.directory.lastCheckpoint.lastPathComponent, epoch: position.epoch,
          stepInEpoch: position.stepInEpoch)))
  }

  private func interrupt() throws -> TrainingRun.Outcome {
    // Between epochs everything is saved already.
    if position.stepInEpoch > 0 { try saveLast(session.exportState()) }
    try journal.append(
      .interrupted(
        InterruptionRecord(
          reason: stop.reason ?? "", epoch: position.epoch, stepInEpoch: position.stepInEpoch)))
    return .interrupted
  }

  private func evaluate(_ progress: (Heartbeat) -> Void) throws -> TrainingRun.Outcome {
    let start = ContinuousClock.now
    pace.endTraining(after: position.epoch)
    // A folder that is gone would be made anew for the label maps.
    try lock.heartbeat()
    let chosen = try keeper.evaluated(position)
    try session.importState(SessionState(chosen).forPrediction)
    let evaluator = Evaluator(
      plan: plan, source: source, session: session, predictions: run.directory.predictionsFolder)
    let evaluation = try evaluator.run(stop: stop) { tested in
      try lock.heartbeat()
      progress(report(.testing, tested: tested))
    }
    guard let evaluation else { return try interrupt() }
    try EvaluationFile.write(evaluation, to: run.directory.evaluationFile)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    try journal.append(
      .evaluated(
        evaluation.scores.record(
          epoch: chosen.epoch, structures: plan.structures.structures.count, seconds: seconds)))
    try run.directory.removeEarlierCheckpoints(keeping: 0)
    try journal.append(
      .finished(
        FinishRecord(epochs: position.epoch, seconds: position.seconds + seconds, peakMemory: peakMemory())))
    return .finished
  }

  /// As far as the disk still allows; the error itself goes to whoever runs the run.
  func recordFailure(_ error: any Error) {
    if run.directory.isRemoved { return }
    try? journal.append(
      .failed(
        FailureRecord(message: "\(error)", attempt: journal.attempt, retryable: !isFinal(error), logTail: [])))
  }

  private func report(_ phase: Heartbeat.Phase, tested: Int = 0) -> Heartbeat {
    let done = pace.done(position, tested: tested)
    let isTesting = phase == .testing
    let epochs = isTesting ? position.epoch : plan.training.epochs
    return Heartbeat(
      phase: phase, epoch: min(position.epoch + 1, epochs), epochs: epochs,
      step: isTesting ? tested : position.stepInEpoch,
      steps: isTesting ? plan.fold.test.count : plan.training.batches(of: plan.fold.train.count).count,
      loss: position.partial.meanLoss, lastLoss: lastLoss, best: position.best?.monitor, fraction: done / pace.total,
      secondsLeft: pace.secondsLeft(done: done, tested: tested))
  }
}

extension WorkerRecord {
  /// Why a run that `last` left and this worker goes on with ends in other bits than an undisturbed one.
  fileprivate func changesOfBits(after last: WorkerRecord) -> [String] {
    let (now, before) = (NumericsVersion.words(numericsVersion), NumericsVersion.words(last.numericsVersion))
    let changes = [(instructionSet, last.instructionSet), (now, before)].filter { $0 != $1 }
    return changes.map { "goes on with \($0) after \($1): not the bits of an undisturbed run" }
  }
}

extension NetworkSession {
  /// `body` with the averages of `state`, the session's own, as the network; afterwards the session goes on as before.
  fileprivate func predicting<Result>(with state: SessionState, _ body: () throws -> Result) throws -> Result {
    guard !state.averagedParameters.isEmpty else { return try body() }
    try importState(state.forPrediction)
    let result = try body()
    try importState(state)
    return result
  }
}

/// Largest resident memory of this process so far, in bytes.
private func peakMemory() -> Int? {
  var usage = rusage()
  guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
  return usage.ru_maxrss * 1024
}
