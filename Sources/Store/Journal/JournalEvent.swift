import Foundation

/// What happened in a run. One line of `journal.jsonl` each: the case's name under `event`, its fields beside it.
///
/// A new event is a case and a record in this file, and its place in what a journal comes to (``RunHistory``): the
/// compiler asks for each.
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

/// An event and when it happened (UTC, to the millisecond, which is what a line holds).
package struct TimedEvent: Equatable, Sendable {
  package var time: Date
  package var event: JournalEvent

  package init(time: Date, event: JournalEvent) {
    self.time = Date(timeIntervalSince1970: (time.timeIntervalSince1970 * 1000).rounded() / 1000)
    self.event = event
  }
}

extension JournalEvent {
  /// Who begins or goes on with it.
  var worker: WorkerRecord? {
    switch self {
    case .started(let worker): worker
    case .resumed(let resume): resume.worker
    case .epoch, .checkpoint, .interrupted, .failed, .evaluated, .finished: nil
    }
  }
}

extension TimedEvent: Codable {
  private enum Key: String, CodingKey { case time, event }
  private enum Kind: String, Codable {
    case started, resumed, epoch, checkpoint, interrupted, failed, evaluated, finished
  }

  private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    let event: JournalEvent =
      switch try fields.decode(Kind.self, forKey: .event) {
      case .started: .started(try WorkerRecord(from: decoder))
      case .resumed: .resumed(try ResumeRecord(from: decoder))
      case .epoch: .epoch(try EpochRecord(from: decoder))
      case .checkpoint: .checkpoint(try CheckpointRecord(from: decoder))
      case .interrupted: .interrupted(try InterruptionRecord(from: decoder))
      case .failed: .failed(try FailureRecord(from: decoder))
      case .evaluated: .evaluated(try EvaluationRecord(from: decoder))
      case .finished: .finished(try FinishRecord(from: decoder))
      }
    self.init(time: try Self.style.parse(fields.decode(String.self, forKey: .time)), event: event)
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    let middle = time.addingTimeInterval(0.0005)  // the style rounds down
    try fields.encode(middle.formatted(Self.style), forKey: .time)
    let (kind, record) = parts
    try fields.encode(kind, forKey: .event)
    try record.encode(to: encoder)
  }

  private var parts: (Kind, any Encodable) {
    switch event {
    case .started(let record): (.started, record)
    case .resumed(let record): (.resumed, record)
    case .epoch(let record): (.epoch, record)
    case .checkpoint(let record): (.checkpoint, record)
    case .interrupted(let record): (.interrupted, record)
    case .failed(let record): (.failed, record)
    case .evaluated(let record): (.evaluated, record)
    case .finished(let record): (.finished, record)
    }
  }
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
  /// The identity of the run's plan; nil in journals written before it was recorded.
  package var plan: String?
  /// 1 for the first try; counts failures and interruptions.
  package var attempt: Int
  /// Why it began from nothing though the run had been begun; nil, and left out, else.
  package var notices: [String]?

  package init(
    host: String, pid: Int, threads: Int, instructionSet: String, programVersion: String,
    numericsVersion: NumericsVersion? = nil, plan: String? = nil, attempt: Int, notices: [String]? = nil
  ) {
    (self.plan, self.notices) = (plan, notices)
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
  /// The monitored scores of the finished epochs, where the journal does not tell of each of them any more.
  package var history: [Double]?

  package init(worker: WorkerRecord, epoch: Int, stepInEpoch: Int, notices: [String] = [], history: [Double]? = nil) {
    (self.worker, self.epoch, self.stepInEpoch, self.notices) = (worker, epoch, stepInEpoch, notices)
    self.history = history
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
