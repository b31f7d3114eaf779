import Foundation

/// A file that is written beside its place and takes it in one step, so that no reader ever sees half of it and no
/// failure costs the file that was there before.
///
/// Written under `.NAME.PID-NUMBER.partial`, synced to the disk, optionally read back, renamed, and the folder synced.
/// Whatever throws in between removes the temporary file; a killed process leaves it for `removeOrphans(in:)`.
package struct StagedFile: ~Copyable {
  private static let suffix = ".partial"
  /// Where it is until it takes its place.
  package let temporary: String
  private let url: URL

  /// Writes and syncs `parts`, one after the other.
  package init(_ parts: [Data], for url: URL) throws(SystemError) {
    let folder = url.deletingLastPathComponent()
    let number = String(UInt32.random(in: .min ... .max), radix: 16)
    let name = ".\(url.lastPathComponent).\(getpid())-\(number)\(Self.suffix)"
    (self.url, temporary) = (url, folder.appending(path: name).path)
    let file: Descriptor
    do throws(SystemError) {
      file = try Descriptor(temporary, O_WRONLY | O_CREAT | O_EXCL, action: .create)
    } catch {
      // Nobody has asked for the name in between.
      throw SystemError(file: url.path, action: error.action, code: error.code)
    }
    for part in parts { try file.write(part) }
    try file.synchronize()
  }

  /// Syncs a file that somebody else wrote and closed under the name `temporary`.
  package init(written temporary: URL, for url: URL) throws(SystemError) {
    (self.url, self.temporary) = (url, temporary.path)
    try Descriptor(temporary.path, O_RDONLY, action: .synchronize).synchronize()
  }

  deinit { unlink(temporary) }

  /// Reads the file back from the disk, past the page cache where the system allows it; whether it holds every byte.
  package borrowing func holds(_ parts: [Data]) throws(SystemError) -> Bool {
    let file = try Descriptor(temporary, O_RDONLY, action: .verify)
    _ = posix_fadvise(file.number, 0, 0, POSIX_FADV_DONTNEED)
    var block = Data(count: 1 << 20)
    for var part in parts {
      while !part.isEmpty {
        let wanted = min(block.count, part.count)
        let got = try block.fill(from: file, wanted)
        guard got == wanted, block.prefix(got) == part.prefix(got) else { return false }
        part = part.dropFirst(wanted)
      }
    }
    return true
  }

  /// Takes the place of the file that was there; that one stays under the name `previous` if given.
  package consuming func commit(keeping previous: URL? = nil) throws(SystemError) {
    if let previous { try Self.keep(url, as: previous) }
    guard rename(temporary, url.path) == 0 else {
      throw SystemError(file: url.path, action: .rename, code: errno)
    }
    try Descriptor.synchronizeFolder(of: url)
  }

  /// A second name for the old file; where the file system has no hard links, its new name.
  private static func keep(_ url: URL, as previous: URL) throws(SystemError) {
    guard access(url.path, F_OK) == 0 else { return }
    unlink(previous.path)
    if link(url.path, previous.path) == 0 { return }
    guard rename(url.path, previous.path) == 0 else {
      throw SystemError(file: previous.path, action: .rename, code: errno)
    }
  }

  /// Whether a name is that of a file which was being written.
  package static func isTemporary(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(suffix) }

  /// Removes what killed processes left in a folder whose only writer is the caller. Returns the names.
  @discardableResult
  package static func removeOrphans(in folder: URL) throws(SystemError) -> [String] {
    let orphans = try Folder.names(in: folder).filter(isTemporary)
    for name in orphans {
      let path = folder.appending(path: name).path
      guard unlink(path) == 0 else { throw SystemError(file: path, action: .remove, code: errno) }
    }
    return orphans
  }
}

/// One whole file in one step, for what is written once.
package enum AtomicFile {
  package static func write(_ data: Data, to url: URL) throws(SystemError) {
    try StagedFile([data], for: url).commit()
  }
}
