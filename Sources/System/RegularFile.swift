import Foundation

/// Files that a person named, read with care: a folder, a device or a pipe is refused before it can hang or never end,
/// and no file is read that is longer than its kind makes sense.
package enum RegularFile {
  package enum Refusal: Error, Hashable, Sendable {
    /// The system's `errno`.
    case system(code: Int32)
    /// What stands there instead of a file.
    case other(kind: String)
    case tooLong(bytes: Int, limit: Int)

    package var reason: String {
      switch self {
      case .system(let code): String(cString: strerror(code))
      case .other(let kind): "it is \(kind), not a file"
      case .tooLong(let bytes, let limit): "it has \(bytes) bytes, such a file has at most \(limit)"
      }
    }

    /// How to go on, by what stands at that path: who has put a pipe in a file's place has the path and every right to read it.
    package func remedy(of url: URL) -> String {
      switch self {
      case .other, .system(code: EISDIR): "give a file in its place"
      case .tooLong: "give the file that is meant"
      case .system(let code): SystemError(file: url.path, action: .read, code: code).advice
      }
    }
  }

  /// Opens a file for reading; the caller closes it. Links are followed.
  ///
  /// - Returns: the open file and its length in bytes.
  package static func open(_ url: URL) throws(Refusal) -> (descriptor: Int32, bytes: Int) {
    // Looked at before it is opened: to open a pipe is to wait, and to open a device may set it going.
    var status = stat()
    guard stat(url.path, &status) == 0 else { throw .system(code: errno) }
    try check(status)
    let descriptor = Glibc.open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .system(code: errno) }
    do throws(Refusal) {
      guard fstat(descriptor, &status) == 0 else { throw Refusal.system(code: errno) }
      try check(status)
      return (descriptor, Int(status.st_size))
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Whether there is a file that can be opened.
  package static func check(_ url: URL) throws(Refusal) { close(try open(url).descriptor) }

  /// Whether two paths lead to one file or folder, through links of both kinds.
  package static func areOne(_ one: URL, _ other: URL) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(one.path, &first) == 0, stat(other.path, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
  }

  /// All bytes of a file that is not longer than `limit`.
  package static func read(_ url: URL, limit: Int) throws(Refusal) -> Data {
    let (descriptor, bytes) = try open(url)
    defer { close(descriptor) }
    guard bytes <= limit else { throw .tooLong(bytes: bytes, limit: limit) }
    var data = Data(count: bytes)
    var done = 0
    while done < bytes {
      let offset = done
      let count = data.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress! + offset, bytes - offset) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .system(code: errno) }
      // It was cut off meanwhile.
      if count == 0 { return data.prefix(done) }
      done += count
    }
    return data
  }

  private static func check(_ status: stat) throws(Refusal) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw .system(code: EISDIR)
    case S_IFIFO: throw .other(kind: "a pipe")
    case S_IFCHR, S_IFBLK: throw .other(kind: "a device")
    case S_IFSOCK: throw .other(kind: "a socket")
    default: throw .other(kind: "something else")
    }
  }
}

/// What the system knows of a file's content without reading it: two equal stamps around a reading mean that what was
/// read is what was there all the while.
package struct FileStamp: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64
  private let bytes: Int
  /// Of the last change of content, and of anything; the second cannot be set back.
  private let modified: [Int]
  private let changed: [Int]

  /// Nil where there is no such file.
  package init?(_ url: URL) {
    var status = stat()
    guard stat(url.path, &status) == 0 else { return nil }
    (device, inode, bytes) = (UInt64(status.st_dev), UInt64(status.st_ino), Int(status.st_size))
    modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }
}
