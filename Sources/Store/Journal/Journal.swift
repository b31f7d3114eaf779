import Foundation
import System

/// Reads `journal.jsonl`: one sealed JSON object per line (`SealedText`).
///
/// A last line without its end is what a killed process leaves: it is ignored and counted. A line whose checksum does
/// not match is damage, and named by its number; what stands before it is still told. So is one by which a worker of another
/// plan begins, and what follows that is none of the run's.
package struct Journal: Sendable {
  package private(set) var events: [TimedEvent] = []
  /// The position in the file after each event: where a writer may cut back to.
  package private(set) var ends: [Int] = []
  /// Bytes of a torn last line.
  package private(set) var tornBytes = 0
  package private(set) var damage: StoreError?
  /// What stands in whole lines behind the damage.
  package private(set) var later: [TimedEvent] = []
  /// How many lines are damaged.
  package private(set) var damagedLines = 0
  /// The plan of the workers so far; nil as long as none has said it.
  private var plan: String?
  /// Whether the lines since the last worker are another run's.
  private var isOthers = false

  /// Bytes up to the end of the last intact event.
  package var intactBytes: Int { ends.last ?? 0 }

  /// Every event; throws on damage.
  package static func read(_ url: URL) throws -> [TimedEvent] {
    let journal = try scan(url)
    if let damage = journal.damage { throw damage }
    return journal.events
  }

  /// What can be told of a journal, damaged or not; empty if the file does not exist.
  package static func scan(_ url: URL) throws -> Journal {
    do {
      let data = try Descriptor.contents(of: url, limit: longest + 1)
      guard data.count <= longest else {
        return Journal(damage: .damaged(file: url.path, .tooLong(bytes: data.count, expected: longest)))
      }
      return Journal(data, file: url.path)
    } catch  where error.code == ENOENT {
      return Journal()
    }
  }

  /// Why nothing is told by it, in words; nil where its first line is whole, or where the system does not let it be read.
  static func loss(of url: URL) -> String? {
    do throws(SystemError) {
      let line = try firstLine(of: url)
      if line.isEmpty { return "is empty" }
      return line.count <= longestLine && SealedText.isIntact(line) ? nil : "tells nothing any more"
    } catch {
      return error.code == ENOENT ? "is missing" : nil
    }
  }

  /// The identity of the plan whose run its first line tells of; nil where that line says none, as those of earlier programs.
  static func owner(of url: URL) -> String? {
    guard let line = try? firstLine(of: url), line.count <= longestLine else { return nil }
    return Journal(line + Data("\n".utf8), file: url.path).owner
  }

  /// The same of a journal that was read.
  package var owner: String? { events.lazy.compactMap(\.event.worker).first?.plan }

  private static func firstLine(of url: URL) throws(SystemError) -> Data {
    var beginning = try Descriptor.contents(of: url, limit: usualLine)
    if !beginning.contains(UInt8(ascii: "\n")), beginning.count == usualLine {
      beginning = try Descriptor.contents(of: url, limit: longestLine + 1)
    }
    return beginning.prefix { $0 != UInt8(ascii: "\n") }
  }

  /// Bytes of a first line, at most, mostly.
  private static let usualLine = 4_096
  /// Of any line: the scores of a million epochs are less; what is longer is damaged, and is not looked through.
  private static let longestLine = 32 << 20

  /// Whether the intact lines tell of an end: as `scan` would say, but only the line that may tell of it is decoded.
  package static func saysFinished(_ url: URL) throws -> Bool {
    let data = try Descriptor.contents(of: url, limit: longest + 1)
    guard data.count <= longest else { return false }
    return data.withUnsafeBytes { buffer in
      // As memory: a sequence of Data's costs ten times as much.
      let bytes = buffer.bindMemory(to: UInt8.self)
      return bytes.split(separator: UInt8(ascii: "\n")).lazy.prefix(while: SealedText.isIntact).contains { line in
        UnsafeBufferPointer(rebasing: line).holds(finished) && isFinish(Data(line))
      }
    }
  }

  private static func isFinish(_ line: Data) -> Bool {
    if case .finished? = try? JSONDecoder().decode(TimedEvent.self, from: line).event { true } else { false }
  }

  private static let finished = Array(#""event":"finished""#.utf8)

  /// A million epochs are less; what is longer is no journal, and is not read.
  private static let longest = 1 << 30

  /// Of a run that has not begun, or of which nothing can be told.
  init(damage: StoreError? = nil) { self.damage = damage }

  init(_ data: Data, file: String) {
    // As memory: Data's own bytes are ten times as slow.
    data.withUnsafeBytes { take($0.bindMemory(to: UInt8.self), file: file) }
  }

  private mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
      let line = UnsafeBufferPointer(rebasing: bytes[start..<(end ?? bytes.count)])
      if damage != nil {
        salvage(line)
      } else if line.count <= Self.longestLine, SealedText.isIntact(line) {
        take(line, end: end.map { $0 + 1 } ?? bytes.count, file: file)
      } else if end == nil, line.count <= Self.longestLine, !SealedText.beginsIntact(Data(line)) {
        tornBytes = line.count
      } else {
        damage = .damaged(file: file, .line(events.count + 1))
        damagedLines = 1
      }
      start = end.map { $0 + 1 } ?? bytes.count
    }
  }

  private static func event(_ line: UnsafeBufferPointer<UInt8>) throws -> TimedEvent {
    try EpochLine.event(line) ?? JSONDecoder().decode(TimedEvent.self, from: Data(line))
  }

  private mutating func take(_ line: UnsafeBufferPointer<UInt8>, end: Int, file: String) {
    do {
      let event = try Self.event(line)
      guard isOurs(event) else {
        damage = .damaged(file: file, .othersLine(events.count + 1))
        damagedLines = 1
        return
      }
      events.append(event)
      ends.append(end)
    } catch {
      damage = .damaged(file: file, .content("line \(events.count + 1) holds an event this program does not know"))
      damagedLines = 1
    }
  }

  /// Whether the last worker before this event, it included, is of the same plan as the first that said one.
  private mutating func isOurs(_ timed: TimedEvent) -> Bool {
    guard let said = timed.event.worker?.plan else { return !isOthers }
    plan = plan ?? said
    isOthers = said != plan
    return !isOthers
  }

  private mutating func salvage(_ line: UnsafeBufferPointer<UInt8>) {
    guard line.count <= Self.longestLine, SealedText.isIntact(line), let event = try? Self.event(line),
      isOurs(event)
    else {
      damagedLines += 1
      return
    }
    later.append(event)
  }
}
