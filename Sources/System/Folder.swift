import Foundation

/// Permissions of what is created, before the system takes away what the user's umask forbids: nothing here decides for
/// them whether a group may write.
package enum FileMode {
  package static let file: mode_t = 0o666
  package static let folder: mode_t = 0o777
}

/// Folders: made with their parents, listed in a fixed order.
package enum Folder {
  /// Makes a folder and its parents, where they are missing.
  package static func create(_ url: URL) throws(SystemError) {
    if try make(url) { return }
    try create(url.deletingLastPathComponent())
    guard try make(url) else { throw SystemError(file: url.path, action: .create, code: ENOENT) }
  }

  /// What `create` would be refused, found without making anything.
  package static func checkCreation(_ url: URL) throws(SystemError) {
    var status = stat()
    if stat(url.path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw SystemError(file: url.path, action: .create, code: ENOTDIR)
      }
      guard access(url.path, W_OK | X_OK) == 0 else { throw SystemError(file: url.path, action: .write, code: errno) }
      return
    }
    let code = errno
    // Where a link leads nowhere, nothing is made in its place.
    let isFree = code == ENOENT && lstat(url.path, &status) != 0
    guard isFree, url.pathComponents.count > 1 else {
      throw SystemError(file: url.path, action: .create, code: code)
    }
    try checkCreation(url.deletingLastPathComponent())
  }

  /// False where its parent is missing.
  private static func make(_ url: URL) throws(SystemError) -> Bool {
    if mkdir(url.path, FileMode.folder) == 0 { return true }
    if errno == EEXIST {
      try check(url)
      return true
    }
    guard errno == ENOENT, url.pathComponents.count > 1 else {
      throw SystemError(file: url.path, action: .create, code: errno)
    }
    return false
  }

  /// What stands there may be a file.
  private static func check(_ url: URL) throws(SystemError) {
    var status = stat()
    guard stat(url.path, &status) == 0 else { throw SystemError(file: url.path, action: .create, code: errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw SystemError(file: url.path, action: .create, code: ENOTDIR)
    }
  }

  /// When something in it was made, renamed or removed last, in nanoseconds; nil where there is no such folder.
  package static func time(of url: URL) -> Int64? {
    var status = stat()
    guard stat(url.path, &status) == 0 else { return nil }
    return Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
  }

  /// Names of everything in it, sorted by their bytes.
  package static func names(in url: URL) throws(SystemError) -> [String] {
    guard let folder = opendir(url.path) else { throw SystemError(file: url.path, action: .list, code: errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let (name, isText) = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) {
          (String(cString: $0), String(validatingCString: $0) != nil)
        }
      }
      guard isText else { throw SystemError(file: "\(url.path)/\(name)", action: .read, code: SystemError.notUTF8) }
      if name != "." && name != ".." { names.append(name) }
    }
    // By their bytes, which of ASCII is what `<` does, and much faster.
    let isASCII = names.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
    return isASCII ? names.sorted() : names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
