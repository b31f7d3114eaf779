import Foundation

/// A symbolic link to what is not there: of a file that was not fetched, or that lies on a disk which is not mounted.
package struct DeadLink: Hashable, Sendable {
  /// The link.
  package let link: String
  /// Where it leads, through further links if there are any.
  package let target: String

  /// "LINK is a link to TARGET, which is not there".
  package var words: String { "\(link) is a link to \(target), which is not there" }

  /// Nil where something is at the path, and where nothing is though no link on the way is to blame.
  package init?(at file: URL) {
    var status = stat()
    guard stat(file.path, &status) != 0, [ENOENT, ENOTDIR, ELOOP].contains(errno), let link = Self.firstMissing(file)
    else {
      return nil
    }
    (self.link, target) = (link, Self.end(of: link))
  }

  /// The path itself or the folder above it that is a link to nothing.
  private static func firstMissing(_ file: URL) -> String? {
    var place = file.absoluteURL
    while place.pathComponents.count > 1 {
      var status = stat()
      if lstat(place.path, &status) == 0 {
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        return isLink && stat(place.path, &status) != 0 ? place.path : nil
      }
      place.deleteLastPathComponent()
    }
    return nil
  }

  /// More links than any system follows.
  private static let most = 40

  private static func end(of link: String) -> String {
    var place = link
    for _ in 0..<most {
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: place) else { return place }
      let folder = URL(fileURLWithPath: place).deletingLastPathComponent()
      place = URL(fileURLWithPath: next, relativeTo: folder).absoluteURL.physicalFileURL.path
    }
    return place
  }
}
