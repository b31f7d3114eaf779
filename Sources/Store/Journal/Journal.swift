import Foundation
import System

/// Reads `journal.jsonl`: one sealed JSON object per line (`SealedText`).
///
/// A last line without its end is what a killed process leaves: it is ignored and counted. A line whose checksum does
/// not match is damage, and named by its number; what stands before it is still told.
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

  /// Whether the intact lines tell of an end: as `scan` would say, but only the line that may tell of it is decoded.
  package static func saysFinished(_ url: URL) throws -> Bool {
    let data = try Descriptor.contents(of: url, limit: longest + 1)
    guard data.count <= longest else { return false }
    return data.withUnsafeBytes { buffer in
      // As memory: a sequence of Data's costs ten times as much.
      let bytes = buffer.bindMemory(to: UInt8.self)
      return bytes.split(separator: UInt8(ascii: "\n")).lazy.prefix(while: SealedText.isIntact).contains { line in
        holds(UnsafeBufferPointer(rebasing: line), finished) && isFinish(Data(line))
      }
    }
  }

  /// Whether a text stands somewhere in it. (The library's own search takes a hundred times as long.)
  private static func holds(_ line: UnsafeBufferPointer<UInt8>, _ text: [UInt8]) -> Bool {
    guard let base = line.baseAddress, line.count >= text.count else { return false }
    return (0...(line.count - text.count)).contains { start in
      base[start] == text[0] && memcmp(base + start, text, text.count) == 0
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
    var start = data.startIndex
    while start < data.endIndex {
      let end = data[start...].firstIndex(of: UInt8(ascii: "\n"))
      let line = data[start..<(end ?? data.endIndex)]
      if damage != nil {
        salvage(line)
      } else if SealedText.isIntact(line) {
        take(line, end: end.map { $0 + 1 } ?? data.endIndex, file: file)
      } else if end == nil && !SealedText.beginsIntact(line) {
        tornBytes = line.count
      } else {
        damage = .damaged(file: file, .line(events.count + 1))
        damagedLines = 1
      }
      start = end.map { $0 + 1 } ?? data.endIndex
    }
  }

  private mutating func take(_ line: Data, end: Int, file: String) {
    do {
      events.append(try JSONDecoder().decode(TimedEvent.self, from: line))
      ends.append(end)
    } catch {
      damage = .damaged(file: file, .content("line \(events.count + 1) holds an event this program does not know"))
      damagedLines = 1
    }
  }

  private mutating func salvage(_ line: Data) {
    guard SealedText.isIntact(line), let event = try? JSONDecoder().decode(TimedEvent.self, from: line) else {
      damagedLines += 1
      return
    }
    later.append(event)
  }
}
