import Foundation

/// An advisory lock on a folder, held by one process at a time; waits for its turn.
///
/// Where the file system has no locks it holds nothing: the cache stays correct, work may be done twice.
final class FolderLock {
  private let descriptor: Int32

  init(_ folder: URL) {
    descriptor = open(folder.appendingPathComponent(".lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    while descriptor >= 0 && flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
  }

  func release() {
    if descriptor >= 0 { close(descriptor) }
  }
}
