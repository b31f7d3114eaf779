import Foundation
import System

/// Run directory → rows of the index: a pure function of the files, so that a rebuilt index equals the one before.
struct RunProjection: Equatable {
  var run: IndexedRun
  var epochs: [EpochRecord]

  init(_ directory: RunDirectory) throws {
    var run = IndexedRun(name: directory.name)
    run.source = try IndexedRun.Source(of: directory)
    do {
      let plan = try directory.readPlan()
      (run.identity, run.environment) = (plan.identity, plan.environment)
      run.plan = String(decoding: plan.planJSON, as: UTF8.self)
    } catch let error where error is StoreError || error is SystemError {
      run.notice = "\(error)"
    }
    var journal = Journal()
    do { journal = try Journal.scan(directory.journal) } catch let error as SystemError { run.notice = "\(error)" }
    if let damage = journal.damage { run.notice = "\(damage)" }
    run.lastEventTime = journal.events.last?.time
    run.state = RunState(after: journal.events.map(\.event), isLocked: false)
    epochs = journal.events.compactMap { if case .epoch(let record) = $0.event { record } else { nil } }
    self.run = run
    summarize()
    for timed in journal.events { take(timed.event) }
    if run.state != .failed { self.run.failure = nil }
  }

  private mutating func summarize() {
    run.epochs = epochs.count
    (run.trainingLoss, run.learningRate) = (epochs.last?.trainingLoss, epochs.last?.learningRate)
    run.seconds = epochs.reduce(0) { $0 + $1.seconds }
    let best = epochs.max { ($0.monitor, -$0.epoch) < ($1.monitor, -$1.epoch) }
    (run.bestEpoch, run.bestMonitor) = (best?.epoch, best?.monitor)
  }

  private mutating func take(_ event: JournalEvent) {
    switch event {
    case .started(let worker): run.attempt = worker.attempt
    case .resumed(let resume): run.attempt = resume.worker.attempt
    case .failed(let failure): (run.failure, run.attempt) = (failure.message, failure.attempt)
    case .evaluated(let scores):
      (run.testCases, run.testDice, run.structureDice) = (scores.cases, scores.meanDice, scores.structureDice)
    case .finished(let end): run.seconds = end.seconds
    case .epoch, .checkpoint, .interrupted: break
    }
  }
}

extension IndexedRun.Source {
  /// Sizes and modification times, in nanoseconds; zeros for a journal that does not exist yet.
  init(of run: RunDirectory) throws {
    (planBytes, planTime) = try Self.sizeAndTime(of: run.planFile)
    (journalBytes, journalTime) = try Self.sizeAndTime(of: run.journal)
  }

  private static func sizeAndTime(of url: URL) throws -> (Int, Int64) {
    var status = stat()
    if stat(url.path, &status) != 0 {
      guard errno == ENOENT else { throw SystemError(file: url.path, action: .read, code: errno) }
      return (0, 0)
    }
    return (Int(status.st_size), Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
  }
}
