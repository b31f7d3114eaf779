import Foundation
import GRDB

/// What the index knows of a run: a projection of its plan and its journal.
package struct IndexedRun: Codable, Equatable, Sendable {
  /// Name of the run directory.
  package var name: String
  /// SHA-256 of the plan; empty if `plan.json` cannot be read.
  package var identity = ""
  /// The canonical plan.
  package var plan = ""
  package var environment: EnvironmentRecord?
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

  /// Of the files that this row was made from: while they stay the same, so does the row.
  package var source = Source()
  /// CRC-32 of the rows of its epochs.
  var epochsChecksum: Int64 = 0

  package struct Source: Codable, Equatable, Sendable {
    var planBytes = 0
    var planTime: Int64 = 0
    var journalBytes = 0
    var journalTime: Int64 = 0
    /// Of evaluation, best and last checkpoint; nil in rows that were made before they were looked at.
    var results: [Int64]?
  }
}

extension IndexedRun {
  private struct Plan: Decodable {
    struct Training: Decodable { var seed: UInt64 }
    var training: Training
  }

  /// What its training was started with, as the plan says; nil where that cannot be read.
  package var seed: UInt64? { try? JSONDecoder().decode(Plan.self, from: Data(plan.utf8)).training.seed }
}

extension IndexedRun: FetchableRecord, PersistableRecord {
  package static let databaseTableName = "run"
}

/// A row of the table `epoch`.
struct IndexedEpoch: Codable, Equatable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "epoch"

  var run: String
  var epoch: Int
  var trainingLoss: Double
  var learningRate: Double
  var validationDice: [Double?]
  var meanDice: Double?
  var monitor: Double
  var seconds: Double

  init(run: String, _ record: EpochRecord) {
    (self.run, epoch, trainingLoss) = (run, record.epoch, record.trainingLoss)
    (learningRate, validationDice, meanDice) = (record.learningRate, record.validationDice, record.meanDice)
    (monitor, seconds) = (record.monitor, record.seconds)
  }

  var record: EpochRecord {
    EpochRecord(
      epoch: epoch, trainingLoss: trainingLoss, learningRate: learningRate, validationDice: validationDice,
      meanDice: meanDice, monitor: monitor, seconds: seconds)
  }
}
