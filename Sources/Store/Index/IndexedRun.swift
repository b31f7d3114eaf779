import Foundation

/// What the index knows of a run: a projection of its plan, its journal and its notes.
package struct IndexedRun: Equatable, Sendable {
  /// Name of the run directory.
  package var name: String
  /// SHA-256 of the plan; empty if `plan.json` cannot be read.
  package var identity = ""
  /// The members of the canonical plan, shared with the runs that have the same.
  package var parts: [PlanPart] = []
  /// As the journal tells it. Queries replace it by `running` where the run's lock is held.
  package var state = RunState.queued
  package var attempt = 0
  /// Finished epochs.
  package var epochs = 0
  package var bestEpoch: Int?
  package var bestMonitor: Double?
  /// Of the last finished epoch.
  package var trainingLoss: Double?
  package var learningRate: Double?
  /// Training and, once finished, evaluation.
  package var seconds = 0.0
  package var lastEventTime: Date?
  package var testCases: Int?
  package var testDice: Double?
  package var structureDice: [Double?]?
  /// Why it failed, if that is its state.
  package var failure: String?
  /// What is wrong with its files.
  package var notice: String?
  /// What people wrote about it.
  package var notes = RunNotes()

  /// Of the files that this row was made from: while they stay the same, so does the row.
  var stamp = RunStamp()
  /// CRC-32 of its epochs as they are stored.
  var epochsChecksum: Int64 = 0

  /// The canonical plan.
  package var plan: String { PlanPart.joined(parts) }

  package init(name: String) { self.name = name }

  mutating func add(notice more: String) { notice = [notice, more].compactMap(\.self).joined(separator: "; ") }
}
