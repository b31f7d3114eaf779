import Foundation

/// A file in a folder's place: at a path, or on the way to it.
package struct BlockedPath: Hashable, Sendable {
  /// What stands there: a file, or anything else that is no folder.
  package let file: String

  package var words: String { "\(file) is a file, and a folder is needed there" }

  /// Nil where the first part of the path that is there, from its end, is a folder.
  package init?(_ path: URL) {
    var place = path
    while place.pathComponents.count > 1 {
      var status = stat()
      if stat(place.path, &status) == 0 {
        guard status.st_mode & S_IFMT != S_IFDIR else { return nil }
        file = place.path
        return
      }
      place.deleteLastPathComponent()
    }
    return nil
  }
}
