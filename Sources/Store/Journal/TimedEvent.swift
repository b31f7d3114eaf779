import Foundation

/// An event and when it happened (UTC, to the millisecond, which is what a line holds).
package struct TimedEvent: Equatable, Sendable {
  package var time: Date
  package var event: JournalEvent

  package init(time: Date, event: JournalEvent) {
    self.time = Date(timeIntervalSince1970: (time.timeIntervalSince1970 * 1000).rounded() / 1000)
    self.event = event
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
