import Foundation

/// A file in a folder's place: at a path, or on the way to it.
package struct BlockedPath: Hashable, Sendable {
  /// What stands there: a file, or anything else that is no folder.
  package let file: String
  /// What it is, where it may not be moved away: a device, a pipe, a socket.
  private let special: String?

  package var words: String { "\(file) is \(special ?? "a file"), and a folder is needed there" }

  /// How whoever writes goes on.
  package var remedy: String { isMovable ? "move it away, or give another path" : "give another path" }

  package var isMovable: Bool { special == nil }

  /// Nil where the first part of the path that is there, from its end, is a folder.
  package init?(_ path: URL) {
    var place = path
    while place.pathComponents.count > 1 {
      var status = stat()
      if stat(place.path, &status) == 0 {
        guard status.st_mode & S_IFMT != S_IFDIR else { return nil }
        (file, special) = (place.path, Self.special(status.st_mode, place))
        return
      }
      place.deleteLastPathComponent()
    }
    return nil
  }

  private static func special(_ mode: mode_t, _ place: URL) -> String? {
    switch mode & S_IFMT {
    case S_IFCHR, S_IFBLK: "a device"
    case S_IFIFO: "a pipe"
    case S_IFSOCK: "a socket"
    // Standard output may be a file, which is not called so there.
    default: ["/dev/std", "/dev/fd/", "/proc/"].contains(where: place.path.hasPrefix) ? "an open file" : nil
    }
  }
}
