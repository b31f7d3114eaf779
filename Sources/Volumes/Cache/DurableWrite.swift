import Foundation

/// Writes a file so that its name never stands for half of it: to a temporary name, synced, renamed, the folder synced.
func writeDurably(_ data: Data, to file: URL) throws(CacheError) {
  func fail() -> CacheError { .cannotWrite(file: file.path, reason: String(cString: strerror(errno))) }
  let folder = file.deletingLastPathComponent()
  let temporary = folder.appendingPathComponent(".\(file.lastPathComponent).\(UUID().uuidString)")
  let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw fail() }
  let written = data.withUnsafeBytes { writeAll($0, to: descriptor) } && fsync(descriptor) == 0
  let error = fail()
  guard close(descriptor) == 0, written else {
    unlink(temporary.path)
    throw error
  }
  guard rename(temporary.path, file.path) == 0 else {
    let error = fail()
    unlink(temporary.path)
    throw error
  }
  try syncFolder(folder)
}

private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
  var rest = bytes
  while !rest.isEmpty {
    let count = write(descriptor, rest.baseAddress, rest.count)
    if count < 0 && errno == EINTR { continue }
    guard count > 0 else { return false }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
  }
  return true
}

private func syncFolder(_ folder: URL) throws(CacheError) {
  let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .cannotWrite(file: folder.path, reason: String(cString: strerror(errno))) }
  defer { close(descriptor) }
  // Some network file systems cannot sync a folder (EINVAL); the rename is then as safe as they make it.
  guard fsync(descriptor) == 0 || errno == EINVAL else {
    throw .cannotWrite(file: folder.path, reason: String(cString: strerror(errno)))
  }
}
