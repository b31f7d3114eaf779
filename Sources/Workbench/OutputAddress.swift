import Foundation
import Text

/// An address of a network, a path of Windows or one with a shell's variable in it, in the place of one of this machine: a folder
/// of that name would be made here.
package struct AddressForOutput: Error, Equatable, CustomStringConvertible {
  private let given: String

  /// Nil of any other name.
  ///
  /// - Parameter given: as it was typed.
  package init?(_ given: String) {
    guard Self.isAddress(given) || Self.isOfWindows(given) || Self.variable(in: given) != nil else { return nil }
    self.given = given
  }

  private static func isAddress(_ text: String) -> Bool {
    // A scheme; a user of a machine; a machine, as scp and rsync write it.
    text.prefixMatch(of: /[A-Za-z][A-Za-z0-9+.-]*:\/\//) != nil || text.prefixMatch(of: /[\w.-]+@[\w.-]+:/) != nil
      || text.prefixMatch(of: /\w[\w.-]+:[\/~]/) != nil
  }

  private static func isOfWindows(_ text: String) -> Bool {
    text.prefixMatch(of: /[A-Za-z]:[\\\/]/) != nil || text.hasPrefix("\\\\")
  }

  /// `$NAME` or `${NAME}` that no shell has replaced, and the path as one whose name that is; nil where something of this name is
  /// there, or a point before it says that it is meant.
  private static func variable(in text: String) -> (name: Substring, meant: String)? {
    guard let found = text.firstMatch(of: /\$([A-Za-z_]\w*|\{[A-Za-z_]\w*\})/) else { return nil }
    let start = text[..<found.range.lowerBound].lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
    let end = text[found.range.upperBound...].firstIndex(of: "/") ?? text.endIndex
    let above = text[..<start]
    if above == "./" || above.hasSuffix("/./") || FileManager.default.fileExists(atPath: String(text[..<end])) {
      return nil
    }
    return (found.output.0, "\(above)./\(text[start...])")
  }

  package var description: String {
    if !Self.isAddress(given), !Self.isOfWindows(given), let (name, meant) = Self.variable(in: given) {
      return
        "\(given): \(name) is a variable of the shell, which single quotes keep from it: give the path itself, or \"\(given)\" in"
        + " double quotes; a name that has the sign in it is given as \(ShellWord.quoted(meant))."
    }
    guard Self.isAddress(given) else {
      return "\(given): is a path of Windows, and this machine has no drives; give a path as it has them, such as"
        + " /mnt/data/results."
    }
    let file = "file://"
    if given.lowercased().hasPrefix(file + "/") {
      return "\(given): is an address; give the path alone, \(given.dropFirst(file.count))."
    }
    return
      "\(given): is an address, and files are written to a folder of this machine; give a path here, and copy what is"
      + " written there."
  }
}
