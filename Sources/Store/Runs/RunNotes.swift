import Foundation
import System

/// What people wrote about a run: `notes.json` in its directory.
///
/// A file of its own, which nothing reads but those who show runs: it is no part of the run's identity, and whoever trains
/// the run neither waits for it nor touches it. Plain JSON without a checksum, so that it may be written by hand too.
package struct RunNotes: Codable, Equatable, Sendable {
  /// Nil where there is none.
  package private(set) var note: String?
  /// In the order of their letters.
  package private(set) var tags: [String]

  package init(note: String? = nil, tags: [String] = []) {
    self.note = note?.isEmpty == true ? nil : note
    self.tags = Set(tags).sorted()
  }

  package var isEmpty: Bool { note == nil && tags.isEmpty }

  /// The same with another note; an empty one takes it away.
  package func with(note: String) -> RunNotes { RunNotes(note: note, tags: tags) }

  package func adding(_ more: [String]) -> RunNotes { RunNotes(note: note, tags: tags + more) }

  package func removing(_ some: [String]) -> RunNotes {
    RunNotes(note: note, tags: tags.filter { !some.contains($0) })
  }

  private enum CodingKeys: String, CodingKey { case note, tags }

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      note: try fields.decodeIfPresent(String.self, forKey: .note),
      tags: try fields.decodeIfPresent([String].self, forKey: .tags) ?? [])
  }
}

/// Notes that are too long, or tags that could not be asked for.
package enum RunNotesError: Error, Equatable, CustomStringConvertible {
  case tooLong(characters: Int)
  case tag(String)
  case tooMany(tags: Int)
  /// A file that people may write by hand, and that no other file could mend.
  case unreadable(file: String)

  package var description: String {
    switch self {
    case .tooLong(let characters):
      "the note has \(characters) characters; at most \(RunNotes.longest). Put the rest into a file of your own."
    case .tag(let tag):
      "'\(tag)' is no tag: 1 to \(RunNotes.longestTag) characters without white space, commas and control characters."
    case .unreadable(let file):
      "\(file) does not hold a note and tags as JSON, such as {\"note\": \"...\", \"tags\": [\"...\"]}. Mend or remove it."
    case .tooMany(let tags): "a run has at most \(RunNotes.mostTags) tags, not \(tags). Remove some with --remove."
    }
  }
}

extension RunNotes {
  /// Characters of a note and of a tag, and tags of a run.
  static let (longest, longestTag, mostTags) = (10_000, 64, 100)

  package func check() throws(RunNotesError) {
    if let note, note.count > Self.longest { throw .tooLong(characters: note.count) }
    if let strange = tags.first(where: { !Self.isTag($0) }) { throw .tag(strange) }
    if tags.count > Self.mostTags { throw .tooMany(tags: tags.count) }
  }

  private static func isTag(_ text: String) -> Bool {
    (1...longestTag).contains(text.count)
      && text.unicodeScalars.allSatisfy { scalar in
        scalar != "," && !scalar.properties.isWhitespace && scalar.properties.generalCategory != .control
      }
  }
}

extension RunDirectory {
  package var notesFile: URL { file("notes.json") }

  /// None where nobody has written any.
  ///
  /// - Throws: what the system says, and `RunNotesError.unreadable` for what is no such file.
  package func readNotes() throws -> RunNotes {
    let data: Data
    do {
      data = try Descriptor.contents(of: notesFile, limit: Self.longestNotes)
    } catch {
      guard error.code == ENOENT else { throw error }
      return RunNotes()
    }
    do { return try JSONDecoder().decode(RunNotes.self, from: data) } catch {
      throw RunNotesError.unreadable(file: notesFile.path)
    }
  }

  /// Changes them in one step, one writer after the other; where nothing is left, the file goes.
  ///
  /// - Returns: what stands there now.
  @discardableResult
  package func changeNotes(_ change: (RunNotes) -> RunNotes) throws -> RunNotes {
    // Not the run's lock, which belongs to whoever trains it. Where the file system has no locks, the last writer wins.
    let lock = try? FileLock.acquire(file("notes.lock"), waiting: true)
    defer { lock?.release() }
    let before = try readNotes()
    let notes = change(before)
    try notes.check()
    if notes == before { return notes }
    if notes.isEmpty {
      guard unlink(notesFile.path) == 0 || errno == ENOENT else {
        throw SystemError(file: notesFile.path, action: .remove, code: errno)
      }
    } else {
      try write(notes)
    }
    // Who watches thousands of finished runs looks at them where the folder of runs has a new time (`WatchedRuns`).
    _ = utimensat(AT_FDCWD, url.deletingLastPathComponent().path, nil, 0)
    return notes
  }

  /// A worker that begins takes unfinished files away (`RunLock.acquire`), this one perhaps too: then once more.
  private func write(_ notes: RunNotes) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(notes) + Data("\n".utf8)
    for isLast in [false, false, false, true] {
      do {
        try AtomicFile.write(data, to: notesFile)
        return
      } catch {
        guard error.code == ENOENT, !isLast else { throw error }
      }
    }
  }

  /// Bytes.
  private static let longestNotes = 1 << 20
}
