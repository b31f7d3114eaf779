import Foundation

/// Arguments and a working directory of bytes that are no text. Swift would put other signs in their place, and the program
/// would read, or make, another file than the one that was meant.
struct ArgumentBytes: Error, Equatable, CustomStringConvertible {
  /// What it is: "the argument".
  let what: String
  /// With a sign in the place of what is none.
  let shown: String

  var description: String {
    "\(what) '\(shown)' is not UTF-8, as all names must be; rename the file or folder, or call it by a link of another name"
  }

  static func check() throws(ArgumentBytes) {
    for argument in CommandLine.unsafeArgv.advanced(by: 1).texts { try check(argument, "the argument") }
    // Where it is no text, its path is none either; the system's own bytes are asked for.
    guard let folder = getcwd(nil, 0) else { return }
    defer { free(folder) }
    try check(folder, "the working directory")
  }

  private static func check(_ text: UnsafePointer<CChar>, _ what: String) throws(ArgumentBytes) {
    guard String(validatingCString: text) == nil else { return }
    throw ArgumentBytes(what: what, shown: String(cString: text))
  }
}

extension UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
  /// Up to the null pointer that ends a list of arguments.
  fileprivate var texts: [UnsafeMutablePointer<CChar>] {
    var (texts, place) = ([UnsafeMutablePointer<CChar>](), self)
    while let text = place.pointee {
      texts.append(text)
      place += 1
    }
    return texts
  }
}
