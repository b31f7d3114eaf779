import Foundation

/// Folders: made with their parents, listed in a fixed order.
package enum Folder {
  package static func create(_ url: URL) throws {
    if mkdir(url.path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, url.pathComponents.count > 1 else {
      throw StoreError.system(file: url.path, action: .create, code: errno)
    }
    try create(url.deletingLastPathComponent())
    guard mkdir(url.path, 0o755) == 0 || errno == EEXIST else {
      throw StoreError.system(file: url.path, action: .create, code: errno)
    }
  }

  /// Names of everything in it, sorted by their bytes.
  static func names(in url: URL) throws -> [String] {
    guard let folder = opendir(url.path) else { throw StoreError.system(file: url.path, action: .list, code: errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
