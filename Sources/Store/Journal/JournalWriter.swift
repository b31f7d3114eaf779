import Foundation

/// Appends to a run's journal. Each event is on the disk when `append` returns (there are a few per epoch).
///
/// One thread uses it, in the process that holds the run's lock.
package final class JournalWriter {
  private let file: Descriptor
  private let url: URL
  /// Bytes so far: what a checkpoint remembers.
  package private(set) var position: Int

  /// Opens or creates it and drops a torn last line.
  ///
  /// - Parameter keeping: cuts back to this position first, which a checkpoint remembered: the events that came after
  ///   it will happen again. It must be the end of an event.
  package init(url: URL, keeping bytes: Int? = nil) throws {
    let journal = try Journal.scan(url)
    if let damage = journal.damage, bytes.map({ !journal.ends.contains($0) && $0 != 0 }) ?? true { throw damage }
    let position = bytes ?? journal.intactBytes
    guard position <= journal.intactBytes else {
      throw StoreError.journalShorter(file: url.path, bytes: journal.intactBytes, wanted: position)
    }
    precondition(position == 0 || journal.ends.contains(position), "\(position) is inside an event of \(url.path)")
    self.url = url
    self.position = position
    file = try Descriptor(url.path, O_RDWR | O_CREAT, action: .create)
    try file.truncate(to: position)
    try file.seek(to: position)
    try endLastLine()
    try file.synchronize()
    try Descriptor.synchronizeFolder(of: url)
  }

  package func append(_ event: JournalEvent, at time: Date = Date()) throws {
    try append(line: try Self.line(TimedEvent(time: time, event: event), file: url.path))
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

  /// A line of which only the end was torn off is whole: it gets its end back.
  private func endLastLine() throws {
    guard position > 0 else { return }
    var last: UInt8 = 0
    guard pread(file.number, &last, 1, off_t(position - 1)) == 1 else {
      throw StoreError.system(file: url.path, action: .read, code: errno)
    }
    if last != UInt8(ascii: "\n") { try append(line: Data("\n".utf8)) }
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
