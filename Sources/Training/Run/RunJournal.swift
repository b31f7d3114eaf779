import Foundation
import Store

/// A run's journal, opened so that the curves continue without double or missing points.
struct RunJournal {
  private let writer: JournalWriter
  /// 1 for the first try.
  let attempt: Int
  /// Who worked on the run before.
  let lastWorker: WorkerRecord?
  /// What was wrong with it and is cut off or made anew now.
  let notice: String?
  /// Whether it does not tell of every epoch that was finished.
  let lacksEpochs: Bool

  /// - Parameters:
  ///   - plan: the identity of the run's.
  ///   - checkpoint: what training goes on from. Epochs after it are cut off, as they will happen again; what else happened
  ///     to the run (starts, failures, interruptions) is history and stays.
  ///
  /// A journal that is lost, damaged before the checkpoint or another run's costs no training: it is written anew from the
  /// lines that are whole and are this run's.
  init(of run: RunDirectory, plan: String, resuming checkpoint: Checkpoint?) throws {
    let journal = try Journal.scan(run.journal)
    let position = checkpoint?.journalPosition ?? 0
    let kept: [TimedEvent]
    let isOurs = journal.owner.map { $0 == plan } ?? true
    if isOurs, journal.leads(to: checkpoint) {
      let later = zip(journal.events, journal.ends).filter { $1 > position && $0.event.outlives(checkpoint) }.map(\.0)
      writer = try JournalWriter(url: run.journal, keeping: position, then: later)
      kept = journal.events(before: position) + later
      notice = journal.damage.map { "\($0.finding). What followed was cut off and happens again." }
      lacksEpochs = RunHistory(kept).lostEpochs > 0
    } else {
      kept = isOurs ? journal.remains(before: checkpoint) : []
      writer = try JournalWriter(url: run.journal, replacingAllBy: kept)
      let (told, all) = (RunHistory(kept).epochs.count, checkpoint?.epoch ?? 0)
      let loss = isOurs ? journal.loss(run.journal) : "\(run.journal.path) was another run's"
      notice = "\(loss); it was written anew and tells of \(told) of \(all) finished epochs"
      lacksEpochs = told < all
    }
    let workers = isOurs ? RunHistory(journal.events + journal.later).workers : []
    attempt = workers.count + 1
    lastWorker = workers.last
  }

  /// What a checkpoint remembers.
  var position: Int { writer.position }

  func append(_ event: JournalEvent) throws { try writer.append(event) }
}

extension Journal {
  fileprivate func events(before position: Int) -> [TimedEvent] {
    zip(events, ends).prefix { $1 <= position }.map(\.0)
  }

  /// Whether what stands before the checkpoint's position is the story of that checkpoint.
  fileprivate func leads(to checkpoint: Checkpoint?) -> Bool {
    guard let checkpoint, checkpoint.journalPosition > 0 || checkpoint.epoch > 0 else { return true }
    guard ends.contains(checkpoint.journalPosition) else { return false }
    let history = RunHistory(events(before: checkpoint.journalPosition))
    return history.finishedEpochs == checkpoint.epoch && history.epochs.allSatisfy { $0.isOf(checkpoint) }
  }

  /// The events of whole lines that stay true: none, if the epochs among them are another run's.
  fileprivate func remains(before checkpoint: Checkpoint?) -> [TimedEvent] {
    let all = events + later
    let kept = all.filter { timed in
      if case .epoch(let record) = timed.event { return checkpoint.map(record.isOf) ?? false }
      return timed.event.outlives(checkpoint)
    }
    let (told, ours) = (RunHistory(all).epochs, RunHistory(kept).epochs)
    let areOthers = ours.isEmpty && !told.isEmpty && checkpoint.map { $0.epoch > 0 } ?? false
    return areOthers ? [] : kept
  }

  fileprivate func loss(_ url: URL) -> String {
    if damagedLines > 0 { return "\(url.path): \(damagedLines) \(damagedLines == 1 ? "line is" : "lines are") damaged" }
    if let damage { return damage.finding }
    return events.isEmpty ? "\(url.path) was lost" : "\(url.path) does not lead to the checkpoint"
  }
}

extension EpochRecord {
  /// Whether the checkpoint knows this epoch by its score.
  fileprivate func isOf(_ checkpoint: Checkpoint) -> Bool {
    checkpoint.history.indices.contains(epoch - 1) && checkpoint.history[epoch - 1] == monitor
  }
}
