import Foundation

/// An advisory lock on a folder, held by one process at a time; waits for its turn.
///
/// Where the file system has no locks it holds nothing: the cache stays correct, work may be done twice.
final class FolderLock {
  static let name = ".lock"
  private let descriptor: Int32
  let isHeld: Bool

  init(_ folder: URL) {
    descriptor = open(folder.appendingPathComponent(Self.name).path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    var status: Int32 = -1
    repeat { status = descriptor >= 0 ? flock(descriptor, LOCK_EX) : -1 } while status != 0 && errno == EINTR
    isHeld = status == 0
  }

  /// Removes what killed processes left of files that they were writing: the holder is the only one who writes. Where
  /// there are no locks, everything stays.
  func removeUnfinished(in folder: URL) {
    guard isHeld else { return }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    where DurableFile.isUnfinished(name) {
      unlink(folder.appendingPathComponent(name).path)
    }
  }

  func release() {
    if descriptor >= 0 { close(descriptor) }
  }
}
