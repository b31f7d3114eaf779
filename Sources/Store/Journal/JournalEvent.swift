import Foundation

/// What happened in a run. One line of `journal.jsonl` each: the case's name under `event`, its fields beside it.
package enum JournalEvent: Equatable, Sendable {
  case started(WorkerRecord)
  case resumed(ResumeRecord)
  case epoch(EpochRecord)
  case checkpoint(CheckpointRecord)
  case interrupted(InterruptionRecord)
  case failed(FailureRecord)
  case evaluated(EvaluationRecord)
  case finished(FinishRecord)
}

/// Who trains: written when a run starts from nothing.
package struct WorkerRecord: Codable, Equatable, Sendable {
  package var host: String
  package var pid: Int
  package var threads: Int
  package var instructionSet: String
  package var programVersion: String
  /// Nil in journals written before it was recorded.
  package var numericsVersion: NumericsVersion?
  /// 1 for the first try; counts failures and interruptions.
  package var attempt: Int

  package init(
    host: String, pid: Int, threads: Int, instructionSet: String, programVersion: String,
    numericsVersion: NumericsVersion? = nil, attempt: Int
  ) {
    (self.host, self.pid, self.threads) = (host, pid, threads)
    (self.instructionSet, self.programVersion, self.attempt) = (instructionSet, programVersion, attempt)
    self.numericsVersion = numericsVersion
  }
}

/// Who goes on, from which position, and what was passed over on the way (a damaged checkpoint).
package struct ResumeRecord: Codable, Equatable, Sendable {
  package var worker: WorkerRecord
  package var epoch: Int
  package var stepInEpoch: Int
  package var notices: [String]

  package init(worker: WorkerRecord, epoch: Int, stepInEpoch: Int, notices: [String] = []) {
    (self.worker, self.epoch, self.stepInEpoch, self.notices) = (worker, epoch, stepInEpoch, notices)
  }
}

/// One finished epoch.
package struct EpochRecord: Codable, Equatable, Sendable {
  /// 1 for the first.
  package var epoch: Int
  package var trainingLoss: Double
  package var learningRate: Double
  /// Per structure, without background; `nil` where no validation case has it.
  package var validationDice: [Double?]
  package var meanDice: Double?
  /// What the schedule and the choice of the best epoch look at.
  package var monitor: Double
  package var seconds: Double

  package init(
    epoch: Int, trainingLoss: Double, learningRate: Double, validationDice: [Double?], meanDice: Double?,
    monitor: Double, seconds: Double
  ) {
    (self.epoch, self.trainingLoss, self.learningRate) = (epoch, trainingLoss, learningRate)
    (self.validationDice, self.meanDice, self.monitor) = (validationDice, meanDice, monitor)
    self.seconds = seconds
  }
}

package struct CheckpointRecord: Codable, Equatable, Sendable {
  /// Name inside the run directory.
  package var file: String
  package var epoch: Int
  package var stepInEpoch: Int

  package init(file: String, epoch: Int, stepInEpoch: Int) {
    (self.file, self.epoch, self.stepInEpoch) = (file, epoch, stepInEpoch)
  }
}

/// A stop that was asked for: the state was saved.
package struct InterruptionRecord: Codable, Equatable, Sendable {
  /// SIGTERM, SIGINT, ...
  package var reason: String
  package var epoch: Int
  package var stepInEpoch: Int

  package init(reason: String, epoch: Int, stepInEpoch: Int) {
    (self.reason, self.epoch, self.stepInEpoch) = (reason, epoch, stepInEpoch)
  }
}

package struct FailureRecord: Codable, Equatable, Sendable {
  package var message: String
  package var attempt: Int
  /// Whether another try could end differently (a full disk: yes; a diverged loss: no).
  package var retryable: Bool
  package var logTail: [String]

  package init(message: String, attempt: Int, retryable: Bool, logTail: [String] = []) {
    (self.message, self.attempt, self.retryable, self.logTail) = (message, attempt, retryable, logTail)
  }
}

/// The test cases are scored; the scores themselves are in `evaluation.h5`.
package struct EvaluationRecord: Codable, Equatable, Sendable {
  package var cases: Int
  /// Which epoch's parameters were scored.
  package var epoch: Int
  /// Mean over cases of the case's mean Dice; `nil` if no case has one.
  package var meanDice: Double?
  /// Mean over cases, per structure.
  package var structureDice: [Double?]
  package var seconds: Double

  package init(cases: Int, epoch: Int, meanDice: Double?, structureDice: [Double?], seconds: Double) {
    (self.cases, self.epoch, self.meanDice) = (cases, epoch, meanDice)
    (self.structureDice, self.seconds) = (structureDice, seconds)
  }
}

package struct FinishRecord: Codable, Equatable, Sendable {
  package var epochs: Int
  /// Training and evaluation, over all attempts.
  package var seconds: Double
  /// Largest resident memory of the worker, in bytes.
  package var peakMemory: Int?

  package init(epochs: Int, seconds: Double, peakMemory: Int? = nil) {
    (self.epochs, self.seconds, self.peakMemory) = (epochs, seconds, peakMemory)
  }
}
