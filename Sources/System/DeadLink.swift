import Foundation

/// A symbolic link to what is not there: of a file that was not fetched, or that lies on a disk which is not mounted; or one
/// that comes back to itself.
package struct DeadLink: Hashable, Sendable {
  /// The link.
  package let link: String
  /// Where it leads, through further links if there are any.
  package let target: String
  /// Whether it leads to itself, by others or at once: then there is nothing that could be put there.
  package let isCircle: Bool

  /// "a link to TARGET, which is not there".
  package var lead: String { isCircle ? "a link that leads in a circle" : "a link to \(target), which is not there" }

  /// "LINK is a link to TARGET, which is not there".
  package var words: String { "\(link) is \(lead)" }

  /// The same behind the name of a path that is the link, or lies below it.
  package func words(of path: String) -> String { "\(link == path ? "it" : link) is \(lead)" }

  /// What helps whoever wants to write there.
  ///
  /// - Parameter makesNew: whether the path itself is to be made, so that nothing may be there before.
  package func remedy(makesNew: Bool = false) -> String {
    isCircle
      ? "remove it, or give another path" : "\(makesNew ? "" : "make that, ")remove the link, or give another path"
  }

  /// Nil where something is at the path, and where nothing is though no link on the way is to blame.
  package init?(at file: URL) {
    var status = stat()
    guard stat(file.path, &status) != 0 else { return nil }
    let code = errno
    guard [ENOENT, ENOTDIR, ELOOP].contains(code), let link = Self.firstMissing(file) else { return nil }
    (self.link, target, isCircle) = (link, Self.end(of: link), code == ELOOP)
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
