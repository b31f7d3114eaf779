import Foundation
import System

/// Appends to a run's journal. Each event is on the disk when `append` returns (there are a few per epoch).
///
/// One thread uses it, in the process that holds the run's lock.
package final class JournalWriter {
  private var file: Descriptor
  private let url: URL
  /// Bytes so far: what a checkpoint remembers.
  package private(set) var position: Int

  /// Opens or creates it and drops a torn last line.
  ///
  /// - Parameters:
  ///   - bytes: cuts back to this position first, which a checkpoint remembered: the events that came after it will
  ///     happen again.
  ///   - history: of those, the ones that stay. Cutting and keeping is one step: whoever is killed meanwhile leaves
  ///     the journal as it was, or as it shall be.
  package convenience init(url: URL, keeping bytes: Int? = nil, then history: [TimedEvent] = []) throws {
    let journal = try Journal.scan(url)
    let position = try Self.cut(journal, at: bytes, url)
    let data = journal.events.isEmpty && journal.tornBytes == 0 ? nil : try Descriptor.contents(of: url)
    var wanted = data?.prefix(position) ?? Data()
    // A line of which only the end was torn off is whole: it gets its end back.
    if let last = wanted.last, last != UInt8(ascii: "\n") { wanted.append(UInt8(ascii: "\n")) }
    for event in history { wanted += try Self.line(event, file: url.path) }
    try self.init(url: url, content: wanted, isThere: journal.damage == nil && wanted == data ?? Data())
  }

  /// Writes a journal of these events in the place of whatever was there: of one that cannot be cut back, what is left.
  package convenience init(url: URL, replacingAllBy events: [TimedEvent]) throws {
    let content = try events.reduce(into: Data()) { $0 += try Self.line($1, file: url.path) }
    try self.init(url: url, content: content, isThere: false)
  }

  private init(url: URL, content wanted: Data, isThere: Bool) throws {
    if !isThere { try AtomicFile.write(wanted, to: url) }
    (self.url, self.position) = (url, wanted.count)
    file = try Self.opened(url, at: wanted.count)
  }

  private static func opened(_ url: URL, at position: Int) throws -> Descriptor {
    let file = try Descriptor(url.path, O_RDWR | O_CREAT | O_NOFOLLOW, action: .create)
    try file.seek(to: position)
    try file.synchronize()
    try Descriptor.synchronizeFolder(of: url)
    return file
  }

  /// Where to cut: at the end of an event that is intact, like all before it.
  private static func cut(_ journal: Journal, at bytes: Int?, _ url: URL) throws -> Int {
    if let damage = journal.damage, bytes.map({ !journal.ends.contains($0) && $0 != 0 }) ?? true { throw damage }
    let position = bytes ?? journal.intactBytes
    guard position <= journal.intactBytes else {
      throw StoreError.journalShorter(file: url.path, bytes: journal.intactBytes, wanted: position)
    }
    guard position == 0 || journal.ends.contains(position) else {
      throw StoreError.journalOfAnotherRun(file: url.path, position: position)
    }
    return position
  }

  package func append(_ event: JournalEvent, at time: Date = Date()) throws {
    try putBackWhereRemoved()
    try append(line: try Self.line(TimedEvent(time: time, event: event), file: url.path))
  }

  /// A journal that somebody removes while its run goes on would take a finished run's story with it. This process still
  /// holds what was in it. Of a folder that is gone as a whole the run's caller tells.
  private func putBackWhereRemoved() throws {
    guard access(url.path, F_OK) != 0, errno == ENOENT, access(url.deletingLastPathComponent().path, F_OK) == 0 else {
      return
    }
    let held = try Descriptor.contents(of: URL(filePath: "/proc/self/fd/\(file.number)"), limit: position)
    try AtomicFile.write(held, to: url)
    file = try Self.opened(url, at: position)
  }

  /// Leaves no half line behind: what could not be written whole is taken back.
  private func append(line: Data) throws {
    do {
      try file.write(line)
      try file.synchronize()
    } catch {
      try? file.truncate(to: position)
      try? file.seek(to: position)
      throw error
    }
    position += line.count
  }

  /// The line of one event, with its end.
  package static func line(_ event: TimedEvent, file: String) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return SealedText.seal(try encoder.encode(event)) + Data("\n".utf8)
    } catch EncodingError.invalidValue(_, let context) {
      throw StoreError.notFinite(file: file, value: context.codingPath.map(\.stringValue).joined(separator: "."))
    }
  }
}
