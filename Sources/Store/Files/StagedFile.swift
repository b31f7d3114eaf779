import Foundation

/// A file that is written beside its place and takes it in one step, so that no reader ever sees half of it and no
/// failure costs the file that was there before.
///
/// Written under `.NAME.PID-NUMBER.partial`, synced to the disk, optionally read back, renamed, and the folder synced.
/// Whatever throws in between removes the temporary file; a killed process leaves it for `removeOrphans(in:)`.
package struct StagedFile: ~Copyable {
  private static let suffix = ".partial"
  private let temporary: String
  private let url: URL

  /// Writes and syncs `parts`, one after the other.
  package init(_ parts: [Data], for url: URL) throws {
    let folder = url.deletingLastPathComponent()
    let number = String(UInt32.random(in: .min ... .max), radix: 16)
    let name = ".\(url.lastPathComponent).\(getpid())-\(number)\(Self.suffix)"
    (self.url, temporary) = (url, folder.appending(path: name).path)
    let file = try Descriptor(temporary, O_WRONLY | O_CREAT | O_EXCL, action: .create)
    for part in parts { try file.write(part) }
    try file.synchronize()
  }

  deinit { unlink(temporary) }

  /// Reads the file back from the disk, past the page cache where the system allows it, and compares every byte.
  package borrowing func verify(_ parts: [Data]) throws {
    let file = try Descriptor(temporary, O_RDONLY, action: .verify)
    _ = posix_fadvise(file.number, 0, 0, POSIX_FADV_DONTNEED)
    var block = Data(count: 1 << 20)
    for var part in parts {
      while !part.isEmpty {
        let wanted = min(block.count, part.count)
        let got = try block.readBlock(of: file, bytes: wanted)
        guard got == wanted, block.prefix(got) == part.prefix(got) else {
          throw StoreError.damaged(file: temporary, .checksum)
        }
        part = part.dropFirst(wanted)
      }
    }
  }

  /// Takes the place of the file that was there; that one stays under the name `previous` if given.
  package consuming func commit(keeping previous: URL? = nil) throws {
    if let previous { try Self.keep(url, as: previous) }
    guard rename(temporary, url.path) == 0 else {
      throw StoreError.system(file: url.path, action: .rename, code: errno)
    }
    try Descriptor.synchronizeFolder(of: url)
  }

  /// A second name for the old file; where the file system has no hard links, its new name.
  private static func keep(_ url: URL, as previous: URL) throws {
    guard access(url.path, F_OK) == 0 else { return }
    unlink(previous.path)
    if link(url.path, previous.path) == 0 { return }
    guard rename(url.path, previous.path) == 0 else {
      throw StoreError.system(file: previous.path, action: .rename, code: errno)
    }
  }

  /// Removes what killed processes left in a folder whose only writer is the caller. Returns the names.
  package static func removeOrphans(in folder: URL) throws -> [String] {
    let orphans = try Folder.names(in: folder).filter { $0.hasPrefix(".") && $0.hasSuffix(suffix) }
    for name in orphans {
      let path = folder.appending(path: name).path
      guard unlink(path) == 0 else { throw StoreError.system(file: path, action: .remove, code: errno) }
    }
    return orphans
  }
}

/// One whole file in one step, for what is written once.
package enum AtomicFile {
  package static func write(_ data: Data, to url: URL) throws {
    try StagedFile([data], for: url).commit()
  }
}

extension Data {
  fileprivate mutating func readBlock(of file: borrowing Descriptor, bytes: Int) throws -> Int {
    try withUnsafeMutableBytes { try file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<bytes])) }
  }
}
