import Foundation
import Text
import Volumes

/// A pattern of files that the shell has handed on as it stands: in quotes, or because nothing is called so.
package struct UnreadPattern: Equatable, Sendable {
  private let given: String
  private let signs: String
  private let folder: String?

  /// Nil of a name without signs of a pattern. Whether something is called so literally is not asked.
  init?(_ given: String) {
    let found = given.filter("*?[".contains)
    guard !found.isEmpty else { return nil }
    self.given = given
    signs = String(found.prefix(1))
    let parent = URL(fileURLWithPath: given).deletingLastPathComponent()
    let isPlain = !parent.path.contains(where: "*?[".contains) && VolumeList.isFolder(parent)
    folder = isPlain && given.contains("/") ? parent.relativePath : isPlain ? "." : nil
  }

  /// What it is, and what to give; for a command that takes the folder in its place.
  var words: String {
    "the shell did not replace the \(signs) in \(given), as in quotes, or where nothing is called so; "
      + (folder.map { "give the folder: \(ShellWord.quoted($0))" } ?? "give the folder in which the files lie")
  }
}
