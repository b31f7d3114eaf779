import Foundation
import Synchronization

/// A run's lease: two workers never train one run.
///
/// An advisory lock of the open file (Linux's F_OFD_SETLK): the kernel drops it when the holder ends, however it ends,
/// so there is no stale lock to clean up; and others can ask whether it is held without disturbing it. The file holds
/// the holder's name, its modification time is the heartbeat, and it is never removed.
package final class RunLock: Sendable {
  private let descriptor: Mutex<Int32?>

  private init(descriptor: Int32) { self.descriptor = Mutex(descriptor) }

  deinit { release() }

  /// `nil` when another process (or another part of this one) holds it. Whoever gets it is the directory's only writer:
  /// what killed writers left is removed.
  package static func acquire(_ run: RunDirectory) throws -> RunLock? {
    guard let lock = try acquire(run.lockFile) else { return nil }
    _ = try StagedFile.removeOrphans(in: run.url)
    return lock
  }

  static func acquire(_ url: URL) throws -> RunLock? {
    let number = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw StoreError.system(file: url.path, action: .lock, code: errno) }
    let lock = RunLock(descriptor: number)
    var request = wholeFile
    if fcntl(number, setLock, &request) == 0 {
      try signHolder(number, url)
      return lock
    }
    guard errno == EAGAIN || errno == EACCES else {
      throw StoreError.system(file: url.path, action: .lock, code: errno)
    }
    return nil
  }

  /// Gives it up early; otherwise its end of life does.
  package func release() {
    descriptor.withLock { number in
      if let open = number { close(open) }
      number = nil
    }
  }

  /// Says that the holder still works; call it about once a step.
  package func heartbeat() { descriptor.withLock { if let number = $0 { _ = futimens(number, nil) } } }

  private static func signHolder(_ descriptor: Int32, _ url: URL) throws {
    let holder = LockHolder(host: ProcessInfo.processInfo.hostName, pid: Int(getpid()))
    let text = try JSONEncoder().encode(holder)
    let written = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    guard written == text.count, ftruncate(descriptor, off_t(text.count)) == 0 else {
      throw StoreError.system(file: url.path, action: .lock, code: errno)
    }
  }

  // Linux's commands for locks that belong to the open file; Glibc's module leaves them out.
  private static let getLock: Int32 = 36
  private static let setLock: Int32 = 37

  private static var wholeFile: flock {
    flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
  }
}

/// What others see of a run's lock.
package struct LockProbe: Equatable, Sendable {
  package var isHeld: Bool
  /// The last holder, even if it is gone.
  package var holder: LockHolder?
  /// When the holder last said that it works.
  package var heartbeat: Date?
}

extension RunLock {
  /// Looks without taking: never makes another process's `acquire` fail.
  package static func probe(_ run: RunDirectory) throws -> LockProbe {
    let number = open(run.lockFile.path, O_RDONLY | O_CLOEXEC)
    if number < 0 && errno == ENOENT { return LockProbe(isHeld: false) }
    guard number >= 0 else { throw StoreError.system(file: run.lockFile.path, action: .lock, code: errno) }
    defer { close(number) }
    var request = wholeFile
    var status = stat()
    guard fcntl(number, getLock, &request) == 0, fstat(number, &status) == 0 else {
      throw StoreError.system(file: run.lockFile.path, action: .lock, code: errno)
    }
    let seconds = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    let holder = try? JSONDecoder().decode(LockHolder.self, from: Descriptor.contents(of: run.lockFile, limit: 4096))
    return LockProbe(
      isHeld: request.l_type != Int16(F_UNLCK), holder: holder, heartbeat: Date(timeIntervalSince1970: seconds))
  }
}
