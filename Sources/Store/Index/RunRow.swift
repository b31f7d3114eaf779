import Foundation
import GRDB
import System

/// A row of the table `run`: its values in the order of the columns, and their checksum.
struct RunRow {
  static let columns: [(name: String, type: GRDB.Database.ColumnType)] = [
    ("name", .text), ("identity", .text), ("parts", .text), ("state", .text), ("attempt", .integer),
    ("epochs", .integer), ("bestEpoch", .integer), ("bestMonitor", .double), ("trainingLoss", .double),
    ("learningRate", .double), ("seconds", .double), ("lastEventTime", .double), ("testCases", .integer),
    ("testDice", .double), ("structureDice", .blob), ("failure", .text), ("notice", .text), ("note", .text),
    ("tags", .text), ("stamp", .blob), ("epochsChecksum", .integer),
  ]

  let values: [DatabaseValue]

  /// The row at which a statement stands that asks for the columns in their order.
  init(_ statement: Statement) {
    values = (0..<CInt(Self.columns.count)).map {
      DatabaseValue(sqliteStatement: statement.sqliteStatement, index: $0)
    }
  }

  /// CRC-32 over type and content of every value.
  var checksum: Int64 {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    for value in values {
      switch value.storage {
      case .null: bytes.append(0)
      case .int64(let number): bytes.append(tag: 1, UInt64(bitPattern: number))
      case .double(let number): bytes.append(tag: 2, number.bitPattern)
      case .string(let text):
        bytes.append(tag: 3, UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
      case .blob(let data):
        bytes.append(tag: 4, UInt64(data.count))
        bytes.append(contentsOf: data)
      }
    }
    return Int64(CRC32.of(bytes).value)
  }
}

extension RunRow {
  /// The numbers of a plan's parts.
  static func text(_ parts: [Int64]) -> String { parts.map { "\($0)" }.joined(separator: " ") }

  /// The same read again, byte for byte: ten thousand lists are read before each answer.
  private static func numbers(_ text: String) throws(IndexDatabase.Mismatch) -> [Int64] {
    var (numbers, number, digits) = ([Int64](), Int64(0), 0)
    for byte in text.utf8 {
      if byte == UInt8(ascii: " "), digits > 0 {
        numbers.append(number)
        (number, digits) = (0, 0)
      } else if case 0x30...0x39 = byte, digits < 18 {
        (number, digits) = (10 * number + Int64(byte - 0x30), digits + 1)
      } else {
        throw IndexDatabase.Mismatch(description: "numbers of a plan's parts are none")
      }
    }
    if digits > 0 { numbers.append(number) }
    return numbers
  }

  /// - Parameter parts: the numbers of the plan's.
  init(_ run: IndexedRun, parts: [Int64]) {
    let structures = run.structureDice.map { Data($0.flatMap { ($0 ?? .nan).bitPattern.bytes }) }
    let tags = run.notes.tags
    values = [
      run.name.databaseValue, run.identity.databaseValue,
      Self.text(parts).databaseValue, run.state.rawValue.databaseValue,
      run.attempt.databaseValue, run.epochs.databaseValue, run.bestEpoch.databaseValue,
      run.bestMonitor.databaseValue, run.trainingLoss.databaseValue, run.learningRate.databaseValue,
      run.seconds.databaseValue, (run.lastEventTime?.timeIntervalSinceReferenceDate).databaseValue,
      run.testCases.databaseValue, run.testDice.databaseValue, structures.databaseValue, run.failure.databaseValue,
      run.notice.databaseValue, run.notes.note.databaseValue,
      (tags.isEmpty ? nil : tags.joined(separator: ",")).databaseValue,
      Data(run.stamp.values.flatMap(\.bytes)).databaseValue, run.epochsChecksum.databaseValue,
    ]
  }

  /// - Parameter parts: of all plans, by their numbers.
  func run(_ parts: [Int64: PlanPart]) throws(IndexDatabase.Mismatch) -> IndexedRun {
    var run = IndexedRun(name: try text(0))
    run.identity = try text(1)
    run.parts = try Self.numbers(try text(2)).map { number throws(IndexDatabase.Mismatch) in
      guard let part = parts[number] else {
        throw IndexDatabase.Mismatch(description: "a part of a plan is missing")
      }
      return part
    }
    guard let state = RunState(rawValue: try text(3)),
      let stamp = RunStamp(values: Data.fromDatabaseValue(values[19])?.numbers.map { Int64(bitPattern: $0) } ?? [])
    else { throw IndexDatabase.Mismatch(description: "a run's row is none of this program's") }
    (run.state, run.stamp) = (state, stamp)
    (run.attempt, run.epochs) = (integer(4) ?? 0, integer(5) ?? 0)
    (run.bestEpoch, run.bestMonitor) = (integer(6), double(7))
    (run.trainingLoss, run.learningRate, run.seconds) = (double(8), double(9), double(10) ?? 0)
    run.lastEventTime = double(11).map { Date(timeIntervalSinceReferenceDate: $0) }
    (run.testCases, run.testDice) = (integer(12), double(13))
    run.structureDice = Data.fromDatabaseValue(values[14])?.numbers.map {
      let value = Double(bitPattern: $0)
      return value.isNaN ? nil : value
    }
    (run.failure, run.notice) = (string(15), string(16))
    if string(17) != nil || string(18) != nil {
      run.notes = RunNotes(note: string(17), tags: string(18)?.split(separator: ",").map(String.init) ?? [])
    }
    run.epochsChecksum = Int64.fromDatabaseValue(values[20]) ?? 0
    return run
  }

  private func string(_ column: Int) -> String? {
    if case .string(let text) = values[column].storage { text } else { nil }
  }

  private func text(_ column: Int) throws(IndexDatabase.Mismatch) -> String {
    guard let text = string(column) else { throw IndexDatabase.Mismatch(description: "a run's row lacks a value") }
    return text
  }

  private func integer(_ column: Int) -> Int? {
    if case .int64(let number) = values[column].storage { Int(number) } else { nil }
  }

  private func double(_ column: Int) -> Double? {
    if case .double(let number) = values[column].storage { number } else { nil }
  }
}

extension EpochRecord {
  /// Eight bytes for each number, the lowest first: epoch, loss, rate, monitor, seconds, mean Dice, how many structures,
  /// and their Dice. NaN stands for what is not counted.
  static func stored(_ records: [EpochRecord]) -> Data {
    var bytes: [UInt8] = []
    for record in records {
      bytes += Int64(record.epoch).bytes
      let numbers = [record.trainingLoss, record.learningRate, record.monitor, record.seconds, record.meanDice ?? .nan]
      for number in numbers { bytes += number.bitPattern.bytes }
      bytes += Int64(record.validationDice.count).bytes
      for dice in record.validationDice { bytes += (dice ?? .nan).bitPattern.bytes }
    }
    return Data(bytes)
  }

  /// Nil for what is no such list.
  static func list(stored data: Data) -> [EpochRecord]? {
    let numbers = data.numbers
    var (records, place) = ([EpochRecord](), 0)
    func counted(_ bits: UInt64) -> Double? {
      let value = Double(bitPattern: bits)
      return value.isNaN ? nil : value
    }
    while place < numbers.count {
      guard numbers.count - place >= 7, let epoch = Int(exactly: numbers[place]),
        let structures = Int(exactly: numbers[place + 6]), structures <= numbers.count - place - 7
      else { return nil }
      let values = numbers[(place + 1)..<(place + 5)].map { Double(bitPattern: $0) }
      records.append(
        EpochRecord(
          epoch: epoch, trainingLoss: values[0], learningRate: values[1],
          validationDice: numbers[(place + 7)..<(place + 7 + structures)].map(counted),
          meanDice: counted(numbers[place + 5]), monitor: values[2], seconds: values[3]))
      place += 7 + structures
    }
    return records
  }
}

extension Data {
  /// Whole numbers of eight bytes, the lowest first.
  fileprivate var numbers: [UInt64] {
    withUnsafeBytes { bytes in
      (0..<(bytes.count / 8)).map { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(tag: UInt8, _ number: UInt64) {
    append(tag)
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }
}
