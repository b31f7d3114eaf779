import Experiments
import Foundation
import Store
import System

/// The epochs that a finished run of the same plan with fewer of them has trained already. A run that asks for more goes on
/// where that one ended, to the bits of a training from the beginning.
///
/// Only where no rate depends on how many epochs there will be (`plateau`), and where the same numerics and the same kind of
/// processor trained them.
struct EarlierEpochs {
  private let source: RunDirectory
  private let last: Checkpoint
  private let best: Checkpoint
  private let epochs: [TimedEvent]
  private let worker: WorkerRecord

  /// Fills a run's directory that has no checkpoint with those of the longest such run beside it.
  ///
  /// - Returns: what was done, in words; nil where there is no such run.
  static func take(
    for run: RunDirectory, plan: Plan, hardware: String, numerics: NumericsVersion
  ) throws -> String? {
    let files = [run.lastCheckpoint, run.bestCheckpoint] + run.earlierCheckpoints()
    guard plan.training.schedule.kind == .plateau, files.allSatisfy({ access($0.path, F_OK) != 0 }) else { return nil }
    let known = try siblings(of: run, fold: plan.fold.number).compactMap {
      try? EarlierEpochs($0, before: plan, hardware: hardware, numerics: numerics)
    }
    guard let earlier = known.max(by: { $0.last.epoch < $1.last.epoch }) else { return nil }
    try earlier.write(to: run, identity: plan.identity)
    let count = earlier.last.epoch
    let words = count == 1 ? "its first epoch is that of" : "its first \(count) epochs are those of"
    return "\(words) \(earlier.source.name), whose plan has fewer"
  }

  /// Runs of the same network's kind and fold, by their names; the name of a run ends with its plan's identity.
  private static func siblings(of run: RunDirectory, fold: Int) throws -> [RunDirectory] {
    let kind = run.name.dropLast(12)
    guard kind.hasSuffix("-f\(fold)-") else { return [] }
    let folder = run.url.deletingLastPathComponent()
    return try Folder.names(in: folder).filter { $0.hasPrefix(kind) && $0 != run.name }
      .map { RunDirectory(folder.appending(path: $0, directoryHint: .isDirectory)) }
  }

  /// Nil, or an error, for a run that is not the beginning of `plan`'s.
  private init?(_ run: RunDirectory, before plan: Plan, hardware: String, numerics: NumericsVersion) throws {
    let earlier = try run.plan()
    var longer = earlier
    longer.training.epochs = plan.training.epochs
    guard longer == plan, earlier.training.epochs < plan.training.epochs else { return nil }
    let journal = try Journal.scan(run.journal)
    let history = RunHistory(journal)
    guard history.state(isLocked: false) == .finished, history.lostEpochs == 0, history.numerics == [numerics],
      history.workers.allSatisfy({ $0.instructionSet == hardware }), let worker = history.workers.last
    else { return nil }
    (last, best) = (try CheckpointFile.read(run.lastCheckpoint), try CheckpointFile.read(run.bestCheckpoint))
    guard last.planIdentity == earlier.identity, best.planIdentity == earlier.identity,
      last.epoch == history.finishedEpochs, best.epoch == last.best?.epoch
    else { return nil }
    epochs = journal.events.filter { if case .epoch = $0.event { true } else { false } }
    (source, self.worker) = (run, worker)
  }

  /// The journal, then the best network, then the last: whoever is killed between trains more again, to the same bits.
  private func write(to run: RunDirectory, identity: String) throws {
    let kept = try Journal.scan(run.journal).events.filter { $0.event.outlives(nil) }
    var own = worker
    own.plan = identity
    let begun = TimedEvent(time: epochs.first?.time ?? Date(), event: .started(own))
    let events = kept + [begun] + epochs
    let writer = try JournalWriter(url: run.journal, replacingAllBy: events)
    let later = try epochs.dropFirst(best.epoch).reduce(0) {
      $0 + (try JournalWriter.line($1, file: run.journal.path).count)
    }
    try CheckpointFile.write(
      best.belonging(to: identity, journalPosition: writer.position - later), to: run.bestCheckpoint)
    try CheckpointFile.write(
      last.belonging(to: identity, journalPosition: writer.position), to: run.lastCheckpoint)
  }
}

extension Checkpoint {
  fileprivate func belonging(to identity: String, journalPosition: Int) -> Checkpoint {
    var own = self
    (own.planIdentity, own.journalPosition) = (identity, journalPosition)
    return own
  }
}
