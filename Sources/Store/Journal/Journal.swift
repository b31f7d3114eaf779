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
      return Journal(try Descriptor.contents(of: url), file: url.path)
    } catch  where error.code == ENOENT {
      return Journal()
    }
  }

  /// Of a run that has not begun.
  init() {}

  init(_ data: Data, file: String) {
    var start = data.startIndex
    while start < data.endIndex, damage == nil {
      let end = data[start...].firstIndex(of: UInt8(ascii: "\n"))
      let line = data[start..<(end ?? data.endIndex)]
      if SealedText.isIntact(line) {
        take(line, end: end.map { $0 + 1 } ?? data.endIndex, file: file)
      } else if end == nil && !SealedText.beginsIntact(line) {
        tornBytes = line.count
      } else {
        damage = .damaged(file: file, .line(events.count + 1))
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
    }
  }
}
