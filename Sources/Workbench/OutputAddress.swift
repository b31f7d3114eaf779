/// An address of a network, or a path of Windows, in the place of one of this machine: a folder of that name would be made here.
package struct AddressForOutput: Error, Equatable, CustomStringConvertible {
  private let given: String

  /// Nil of any other name.
  ///
  /// - Parameter given: as it was typed.
  package init?(_ given: String) {
    guard Self.isAddress(given) || Self.isOfWindows(given) else { return nil }
    self.given = given
  }

  private static func isAddress(_ text: String) -> Bool {
    text.prefixMatch(of: /[A-Za-z][A-Za-z0-9+.-]*:\/\//) != nil || text.prefixMatch(of: /[\w.-]+@[\w.-]+:/) != nil
  }

  private static func isOfWindows(_ text: String) -> Bool {
    text.prefixMatch(of: /[A-Za-z]:[\\\/]/) != nil || text.hasPrefix("\\\\")
  }

  package var description: String {
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
