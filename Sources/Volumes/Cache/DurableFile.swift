import Foundation

/// Files whose names never stand for half of them: written to a temporary name, synced, renamed, the folder synced.
enum DurableFile {
  /// What the system refused, in its words.
  struct Refusal: Error { let reason: String }

  /// Whether a file was being written when somebody was killed.
  static func isUnfinished(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(suffix) }

  private static let suffix = ".partial"

  static func write(_ data: Data, to file: URL) throws(Refusal) {
    let folder = file.deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(".\(file.lastPathComponent).\(UUID().uuidString)\(suffix)")
    let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw refusal() }
    let written = data.withUnsafeBytes { writeAll($0, to: descriptor) }
    let error = refusal()
    guard close(descriptor) == 0, written else {
      unlink(temporary.path)
      throw error
    }
    try rename(temporary, to: file)
  }

  /// Syncs a file that somebody else wrote and closed, and gives it its name; removes it when that fails.
  static func rename(_ temporary: URL, to file: URL) throws(Refusal) {
    do throws(Refusal) {
      try synchronize(temporary, O_RDONLY)
      guard Glibc.rename(temporary.path, file.path) == 0 else { throw refusal() }
    } catch {
      unlink(temporary.path)
      throw error
    }
    try synchronize(file.deletingLastPathComponent(), O_RDONLY | O_DIRECTORY)
  }

  /// Makes a folder and its parents, where they are missing.
  static func createFolder(_ folder: URL) throws(Refusal) {
    if mkdir(folder.path, 0o755) == 0 || errno == EEXIST { return try checkFolder(folder) }
    guard errno == ENOENT, folder.path != "/" else { throw refusal() }
    try createFolder(folder.deletingLastPathComponent())
    guard mkdir(folder.path, 0o755) == 0 || errno == EEXIST else { throw refusal() }
  }

  private static func checkFolder(_ folder: URL) throws(Refusal) {
    var status = stat()
    guard stat(folder.path, &status) == 0 else { throw refusal() }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw Refusal(reason: String(cString: strerror(ENOTDIR))) }
  }

  private static func refusal() -> Refusal { Refusal(reason: String(cString: strerror(errno))) }

  private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
    return true
  }

  private static func synchronize(_ url: URL, _ flags: Int32) throws(Refusal) {
    let descriptor = open(url.path, flags | O_CLOEXEC)
    guard descriptor >= 0 else { throw refusal() }
    defer { close(descriptor) }
    // Some network file systems cannot sync a folder (EINVAL); the rename is then as safe as they make it.
    guard fsync(descriptor) == 0 || (errno == EINVAL && flags & O_DIRECTORY != 0) else { throw refusal() }
  }
}
