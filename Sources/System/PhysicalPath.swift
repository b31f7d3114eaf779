import Foundation

extension URL {
  /// The path as the system walks it: what `..` leads out of is where a symbolic link leads to, not what stands before it in
  /// the text. So a path names the same file from wherever it is read. Without `..` it stays as it was written.
  package var physicalFileURL: URL {
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard let last = parts.lastIndex(of: "..") else { return standardizedFileURL }
    let head = "/" + parts[...last].joined(separator: "/")
    guard let resolved = realpath(head, nil) else { return standardizedFileURL }
    defer { free(resolved) }
    return parts[(last + 1)...].reduce(URL(fileURLWithPath: String(cString: resolved))) { $0.appending(path: $1) }
  }
}
