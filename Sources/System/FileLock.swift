import Foundation
import Synchronization

/// An advisory lock of an open file (Linux's F_OFD_SETLK).
///
/// The kernel drops it when the holder ends, however it ends, so there is no stale lock to clean up; and others can ask
/// whether it is held without disturbing it. The file may hold the holder's name; it is never removed.
package final class FileLock: Sendable {
  /// The open file; nil once it was given up.
  private let descriptor: Mutex<Int32?>
  private let path: String

  private init(_ descriptor: Int32, _ path: String) {
    self.descriptor = Mutex(descriptor)
    self.path = path
  }

  deinit { release() }

  /// Makes the file if it is missing; a link in its place is refused, or the holder's name would be written into what it
  /// points to. Nil when another process, or another part of this one, holds the lock.
  ///
  /// - Parameter waiting: for its turn instead, however long that takes.
  package static func acquire(_ url: URL, waiting: Bool = false) throws(SystemError) -> FileLock? {
    let number = open(url.path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, FileMode.file)
    guard number >= 0 else { throw refusal(url) }
    let lock = FileLock(number, url.path)
    while true {
      var request = wholeFile
      if fcntl(number, waiting ? waitForLock : setLock, &request) == 0 { return lock }
      if errno == EINTR { continue }
      guard errno == EAGAIN || errno == EACCES else { throw refusal(url) }
      return nil
    }
  }

  /// Gives it up early; otherwise its end of life does.
  package func release() {
    descriptor.withLock { number in
      if let open = number {
        // A process that is just being started shares the open file until its own program begins, and the lock with it.
        var request = Self.wholeFile
        request.l_type = Int16(F_UNLCK)
        _ = fcntl(open, Self.setLock, &request)
        close(open)
      }
      number = nil
    }
  }

  /// Replaces what the file holds: who has the lock, for others to read.
  package func write(_ content: Data) throws(SystemError) {
    let isWritten = descriptor.withLock { number in
      guard let number else { return true }
      let count = content.withUnsafeBytes { pwrite(number, $0.baseAddress, $0.count, 0) }
      return count == content.count && ftruncate(number, off_t(content.count)) == 0
    }
    guard isWritten else { throw SystemError(file: path, action: .lock, code: errno) }
  }

  /// Moves the file's modification time to now; where somebody has emptied or overwritten it, to other lengths, it holds
  /// this again.
  package func touch(holding content: Data) {
    let isChanged = descriptor.withLock { number in
      var own = stat()
      guard let number, fstat(number, &own) == 0 else { return false }
      _ = futimens(number, nil)
      return own.st_size != content.count
    }
    // A disk that is full now costs the name, not the run.
    if isChanged { try? write(content) }
  }

  /// Whether what stands in its place is the file that is locked: who opens another one there is not kept out. So it counts
  /// where nobody can look.
  package var isInPlace: Bool {
    descriptor.withLock { number in
      var (own, there) = (stat(), stat())
      guard let number, fstat(number, &own) == 0 else { return true }
      guard stat(path, &there) == 0 else { return errno != ENOENT && errno != ENOTDIR }
      return (own.st_dev, own.st_ino) == (there.st_dev, there.st_ino)
    }
  }

  private static func refusal(_ url: URL) -> SystemError { SystemError(file: url.path, action: .lock, code: errno) }

  // Linux's commands for locks that belong to the open file; Glibc's module leaves them out.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37
  private static let waitForLock: Int32 = 38

  private static var wholeFile: flock {
    flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
  }
}

extension FileLock {
  /// What others see of a lock.
  package struct Probe: Sendable {
    package let isHeld: Bool
    /// The file's modification time.
    package let modified: Date
    /// The file's first 4096 bytes.
    package let content: Data
  }

  /// Looks without taking: never makes another process's `acquire` fail. Nil when there is no such file.
  ///
  /// Where the file system has no locks, nobody holds one: what was finished stays readable. Whoever wants to write must
  /// still acquire it, and is refused.
  package static func probe(_ url: URL) throws(SystemError) -> Probe? {
    let number = open(url.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if number < 0 && errno == ENOENT { return nil }
    guard number >= 0 else { throw refusal(url) }
    defer { close(number) }
    var request = wholeFile
    var status = stat()
    if fcntl(number, getLock, &request) != 0 {
      guard SystemError.hasNoLocks(errno) else { throw refusal(url) }
      request.l_type = Int16(F_UNLCK)
    }
    guard fstat(number, &status) == 0 else { throw refusal(url) }
    let seconds = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    var content = Data(count: 4096)
    let count = content.withUnsafeMutableBytes { pread(number, $0.baseAddress, $0.count, 0) }
    return Probe(
      isHeld: request.l_type != Int16(F_UNLCK), modified: Date(timeIntervalSince1970: seconds),
      content: content.prefix(max(0, count)))
  }
}

/// The lock of a folder's only writer, `.lock` in the folder; whoever wants it waits for its turn.
///
/// Where the file system has no locks it holds nothing, and its user must be correct without it.
package final class FolderLock {
  package static let name = ".lock"
  private let folder: URL
  private let lock: FileLock?

  package init(_ folder: URL) {
    self.folder = folder
    lock = try? FileLock.acquire(folder.appendingPathComponent(Self.name), waiting: true)
  }

  /// Removes what killed processes left of files that they were writing: the holder is the only one who writes. Where
  /// there are no locks, everything stays.
  package func removeOrphans() {
    if lock != nil { _ = try? StagedFile.removeOrphans(in: folder) }
  }

  package func release() { lock?.release() }
}
