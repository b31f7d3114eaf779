import Foundation

/// What a run's journal comes to: each event taken over once, in order.
///
/// Index, report, `runs show`, status, the scheduler's watcher and the trainer all read this; none of them goes through
/// the events itself. A fact that is derived from events is a property here.
package struct RunHistory: Equatable, Sendable {
  /// Every worker that began or went on, in order: one for each attempt.
  package private(set) var workers: [WorkerRecord] = []
  /// The numerics versions whose bits the run holds, in the order in which they worked on it: one, unless it was resumed
  /// under another; nil where none was recorded.
  package private(set) var numerics: [NumericsVersion?] = []
  /// The finished epochs of which the journal tells.
  package private(set) var epochs: [EpochRecord] = []
  /// How many more were finished before lines of the journal were lost: of them a checkpoint knew the monitored score only.
  package private(set) var lostEpochs = 0
  /// What the last worker found to say when it went on.
  package private(set) var notices: [String] = []
  /// Of the first event.
  package private(set) var firstTime: Date?
  /// The first epoch that none before or after it surpasses.
  package private(set) var best: Checkpoint.Best?
  /// The last failure, even if the run has gone on since.
  package private(set) var failure: FailureRecord?
  package private(set) var evaluation: EvaluationRecord?
  package private(set) var finish: FinishRecord?
  /// The number of the attempt that was last heard of, as its worker counted it; 0 before the first.
  package private(set) var attempt = 0
  package private(set) var lastEvent: TimedEvent?
  /// What is wrong with the journal; the events before the damage are taken over.
  package private(set) var damage: StoreError?

  package init(_ events: [TimedEvent] = []) {
    for event in events { take(event) }
  }

  package init(_ journal: Journal) {
    self.init(journal.events)
    damage = journal.damage
  }

  private mutating func take(_ timed: TimedEvent) {
    lastEvent = timed
    firstTime = firstTime ?? timed.time
    switch timed.event {
    case .started(let worker):
      // Trained from nothing: what came before left no bits.
      (numerics, best, lostEpochs) = ([], nil, 0)
      begin(worker)
      notices = worker.notices ?? []
    case .resumed(let resume):
      begin(resume.worker)
      notices = resume.notices
      lostEpochs = max(0, resume.epoch - epochs.count)
      if let history = resume.history { takeBest(of: history) }
    case .epoch(let record): finish(record)
    case .failed(let record): (failure, attempt) = (record, record.attempt)
    case .evaluated(let record): evaluation = record
    case .finished(let record): finish = record
    case .checkpoint, .interrupted: break
    }
  }

  private mutating func begin(_ worker: WorkerRecord) {
    workers.append(worker)
    if numerics.last != .some(worker.numericsVersion) { numerics.append(worker.numericsVersion) }
    attempt = worker.attempt
  }

  /// Takes over what a checkpoint knew of epochs whose lines are lost.
  private mutating func takeBest(of history: [Double]) {
    best = nil
    for (index, monitor) in history.enumerated() { best.improve(epoch: index + 1, monitor: monitor) }
  }

  private mutating func finish(_ epoch: EpochRecord) {
    epochs.append(epoch)
    best.improve(epoch: epoch.epoch, monitor: epoch.monitor)
  }
}

extension RunHistory {
  /// All of them, whether the journal still tells of them or not.
  package var finishedEpochs: Int { epochs.count + lostEpochs }

  /// Training and, once finished, evaluation.
  package var seconds: Double { finish?.seconds ?? epochs.reduce(0) { $0 + $1.seconds } }

  /// Of which epochs the networks of a finished run are; nil where lines that tell it are lost, or do not agree.
  package var networkEpochs: (best: Int, last: Int)? {
    guard case .finished? = lastEvent?.event, damage == nil, let best, let last = finish?.epochs,
      let tested = evaluation?.epoch, finishedEpochs == last, [best.epoch, last].contains(tested)
    else { return nil }
    return (best.epoch, last)
  }

  /// What the run is doing.
  ///
  /// - Parameter isLocked: whether a process holds the run's lock: a journal cannot know that its worker is alive.
  package func state(isLocked: Bool) -> RunState {
    switch lastEvent?.event {
    case .finished?: .finished
    case _ where isLocked: .running
    case nil: .queued
    case .failed?: .failed
    case .interrupted?: .interrupted
    case .started?, .resumed?, .epoch?, .checkpoint?, .evaluated?: .stale
    }
  }
}

extension JournalEvent {
  /// Whether the event stays true when training goes back to `checkpoint` (nil: to the beginning): what happened to
  /// the run does, what will happen again does not.
  package func outlives(_ checkpoint: Checkpoint?) -> Bool {
    switch self {
    case .started, .resumed, .interrupted, .failed: true
    case .checkpoint(let saved): saved.epoch == checkpoint?.epoch && saved.stepInEpoch == checkpoint?.stepInEpoch
    case .epoch, .evaluated, .finished: false
    }
  }
}

extension Checkpoint.Best? {
  /// Takes over an epoch's score if it is better than all before; of equal ones the first stays.
  ///
  /// - Returns: whether it is the best so far.
  @discardableResult
  package mutating func improve(epoch: Int, monitor: Double) -> Bool {
    guard monitor > self?.monitor ?? -.infinity else { return false }
    self = Checkpoint.Best(epoch: epoch, monitor: monitor)
    return true
  }
}
