import Foundation

/// Reads a line of a finished epoch as `JournalWriter` spells it: members sorted by their keys, no white space, no escapes.
///
/// Nearly every line of a journal is one, and half a million of them are read where ten thousand runs are: `JSONDecoder`
/// takes twenty times as long. Whatever is spelt otherwise is left to it.
struct EpochLine {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0

  /// Nil where the line is another event, or spelt otherwise.
  ///
  /// - Parameter line: a whole sealed object.
  static func event(_ line: UnsafeBufferPointer<UInt8>) -> TimedEvent? {
    var reader = EpochLine(bytes: line)
    return reader.event()
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  private mutating func event() -> TimedEvent? {
    guard skip(#"{"epoch":"#), let epoch = whole(), skip(#","event":"epoch","learningRate":"#), let rate = number()
    else { return nil }
    let mean = skip(#","meanDice":"#) ? number() : nil
    guard skip(#","monitor":"#), let monitor = number(), skip(#","seconds":"#), let seconds = number(),
      skip(#","time":""#), let time = time(), skip(#"","trainingLoss":"#), let loss = number(),
      skip(#","validationDice":"#), let dice = numbers(), skip(#","crc32":""#), bytes.count - place == Self.tail
    else { return nil }
    let record = EpochRecord(
      epoch: epoch, trainingLoss: loss, learningRate: rate, validationDice: dice, meanDice: mean, monitor: monitor,
      seconds: seconds)
    return TimedEvent(time: time, event: .epoch(record))
  }

  /// Bytes of `01234567"}`.
  private static let tail = 10

  private mutating func skip(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count - place >= count, let base = bytes.baseAddress, memcmp(base + place, text.utf8Start, count) == 0
    else { return false }
    place += count
    return true
  }

  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }
}

// MARK: Values

extension EpochLine {
  private mutating func digits() -> Int {
    let start = place
    while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
    return place - start
  }

  /// Not negative, and short enough for a whole number of the machine.
  private mutating func whole() -> Int? {
    let start = place
    guard (1...18).contains(digits()), bytes[start] != UInt8(ascii: "0") || place == start + 1 else { return nil }
    return bytes[start..<place].reduce(0) { 10 * $0 + Int($1 & 15) }
  }

  /// After JSON's grammar.
  private mutating func number() -> Double? {
    let start = place
    if next == UInt8(ascii: "-") { place += 1 }
    let first = next
    let count = digits()
    guard count > 0, first != UInt8(ascii: "0") || count == 1 else { return nil }
    if next == UInt8(ascii: ".") {
      place += 1
      guard digits() > 0 else { return nil }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      place += 1
      if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { place += 1 }
      guard digits() > 0 else { return nil }
    }
    // A byte that belongs to no number stands behind every one of them: the seal's at least.
    guard let base = bytes.baseAddress, place < bytes.count else { return nil }
    let value = UnsafeRawPointer(base + start).withMemoryRebound(to: CChar.self, capacity: place - start + 1) {
      strtod($0, nil)
    }
    return value.isFinite ? value : nil
  }

  /// `[0.5,null]`
  private mutating func numbers() -> [Double?]? {
    guard skip("[") else { return nil }
    var values: [Double?] = []
    if skip("]") { return values }
    repeat {
      if skip("null") {
        values.append(nil)
      } else {
        guard let value = number() else { return nil }
        values.append(value)
      }
    } while skip(",")
    return skip("]") ? values : nil
  }

  /// `2026-11-27T16:41:59.123Z`
  private mutating func time() -> Date? {
    func part(_ count: Int, _ mark: StaticString, _ range: ClosedRange<Int>) -> Int? {
      let start = place
      guard digits() == count, skip(mark) else { return nil }
      let value = bytes[start..<(start + count)].reduce(0) { 10 * $0 + Int($1 & 15) }
      return range.contains(value) ? value : nil
    }
    guard let year = part(4, "-", 1970...2999), let month = part(2, "-", 1...12), let day = part(2, "T", 1...31),
      let hour = part(2, ":", 0...23), let minute = part(2, ":", 0...59), let second = part(2, ".", 0...59),
      let thousandth = part(3, "Z", 0...999), day <= Self.days(of: month, year)
    else { return nil }
    let days = Self.days(before: year, month) + day - 1
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    return Date(timeIntervalSince1970: Double(seconds * 1000 + thousandth) / 1000)
  }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func days(of month: Int, _ year: Int) -> Int {
    month == 2 && isLeap(year) ? 29 : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// From 1970 to the first of a month.
  private static func days(before year: Int, _ month: Int) -> Int {
    let past = year - 1
    let leaps = past / 4 - past / 100 + past / 400 - 477
    let months = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]
    return (year - 1970) * 365 + leaps + months + (month > 2 && isLeap(year) ? 1 : 0)
  }
}
