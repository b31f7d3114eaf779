import Foundation
import Store

/// A run's journal, opened so that the curves continue without double or missing points.
struct RunJournal {
  private let writer: JournalWriter
  /// 1 for the first try.
  let attempt: Int
  /// Who worked on the run before.
  let lastWorker: WorkerRecord?
  /// What was wrong with it and is cut off now.
  let notice: String?

  /// - Parameter checkpoint: what training goes on from. Epochs after it are cut off, as they will happen again; what
  ///   else happened to the run (starts, failures, interruptions) is history and stays.
  init(of run: RunDirectory, resuming checkpoint: Checkpoint?) throws {
    let journal = try Journal.scan(run.journal)
    let position = checkpoint?.journalPosition ?? 0
    let later = zip(journal.events, journal.ends).filter { $1 > position && $0.event.outlives(checkpoint) }.map(\.0)
    writer = try JournalWriter(url: run.journal, keeping: position, then: later)
    notice = journal.damage.map { "\($0) What followed was cut off and happens again." }
    let workers = RunHistory(journal).workers
    attempt = workers.count + 1
    lastWorker = workers.last
  }

  /// What a checkpoint remembers.
  var position: Int { writer.position }

  func append(_ event: JournalEvent) throws { try writer.append(event) }
}
