import Compute
import Foundation
import Store
import System
import TestSupport
import Testing

/// Lines of epochs are read by a reader of their own: what it reads, and what it leaves to the general one, is the same.
@Suite struct EpochLineTests {
  /// What a journal of one line tells, and what Foundation's own reader makes of that line.
  private func events(_ line: Data) throws -> (journal: [TimedEvent], general: TimedEvent?) {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "journal.jsonl")
      try line.write(to: url)
      return (try Journal.scan(url).events, try? JSONDecoder().decode(TimedEvent.self, from: line.dropLast()))
    }
  }

  @Test func whateverAnEpochHoldsIsReadAsFoundationReadsIt() throws {
    var stream = RandomStream(seed: 5, purpose: .caseOrder)
    for round in 0..<500 {
      // Any finite double there is, and plain ones.
      func number() -> Double {
        let bits = (0..<4).reduce(UInt64(0)) { bits, _ in bits << 16 | UInt64(stream.nextInt(below: 1 << 16)) }
        let value = Double(bitPattern: bits)
        return round % 2 == 0 && value.isFinite ? value : Double(stream.nextInt(below: 2_000_000)) / 1e3 - 1000
      }
      let dice = (0..<stream.nextInt(below: 4)).map { _ in stream.nextInt(below: 3) == 0 ? nil : Optional(number()) }
      let record = EpochRecord(
        epoch: stream.nextInt(below: 100_000), trainingLoss: number(), learningRate: number(), validationDice: dice,
        meanDice: round % 3 == 0 ? nil : number(), monitor: number(), seconds: number())
      let time = Date(timeIntervalSince1970: Double(stream.nextInt(below: 1 << 30)) + Double(round) / 1000)
      let line = try JournalWriter.line(TimedEvent(time: time, event: .epoch(record)), file: "journal.jsonl")
      let (journal, general) = try events(line)
      #expect(journal == [try #require(general)] && journal[0].event == .epoch(record))
    }
  }

  /// By the days that the calendar has, and does not have.
  @Test func everyDayIsReadAsFoundationReadsIt() throws {
    for day in ["2024-02-29", "2100-02-28", "2000-02-29", "1999-12-31", "2026-01-01", "2026-03-01", "2028-03-01"] {
      let (journal, general) = try events(sealed(Self.line.replacing("2026-11-27", with: day)))
      #expect(journal == [try #require(general)], "\(day)")
    }
  }

  static let line =
    #"{"epoch":7,"event":"epoch","learningRate":0.001,"meanDice":0.5,"monitor":0.25,"seconds":2,"#
    + #""time":"2026-11-27T16:41:59.123Z","trainingLoss":0.1,"validationDice":[0.5,null]}"#

  /// Spelt by other programs, or by hand.
  static let others: [(String, String)] = [
    (#""epoch":7,"#, #" "epoch" : 7 ,"#), (#"0.001"#, "1E-3"), ("0.25", "25e-2"), (#""seconds":2"#, #""seconds":2.0"#),
    (#"[0.5,null]"#, "[ ]"), (#"[0.5,null]"#, "[]"), (#"[0.5,null]"#, "[0.5,]"), (#""epoch":7"#, #""epoch":7.0"#),
    ("0.001", "-0"),
    (#""trainingLoss":0.1,"#, #""trainingLoss":0.1,"more":"x\"y","#), (".123Z", ".000Z"),
    ("\"epoch\",", "\"ep\\u006fch\","),
  ]

  @Test(arguments: others) func whatIsSpeltOtherwiseIsReadToo(part: String, other: String) throws {
    let (journal, general) = try events(sealed(Self.line.replacing(part, with: other)))
    #expect(journal == [try #require(general)])
  }

  /// No JSON, or no such number: damage, as it always was.
  static let wrong = [
    ("0.001", "01"), ("0.001", "1."), ("0.001", ".5"), ("0.001", "0x1p3"), ("0.001", "nan"), ("0.001", "1e999"),
    ("0.001", "-"), (#":7,"#, ":07,"), (#":7,"#, ":-,"), ("[0.5,null]", "[0.5 null]"),
    ("16:41", "1641"), ("2026-11", "2026-13"),
  ]

  @Test(arguments: wrong) func whatIsNoEpochIsDamage(part: String, other: String) throws {
    let (journal, general) = try events(sealed(Self.line.replacing(part, with: other)))
    #expect(journal.isEmpty && general == nil)
  }

  private func sealed(_ object: String) -> Data {
    let body = Data(object.utf8.dropLast())
    return body + Data(",\"crc32\":\"\(CRC32.of(body).hexadecimal)\"}\n".utf8)
  }
}
