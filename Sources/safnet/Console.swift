import Foundation
import JSON

/// Where words go: results to standard output, everything else to standard error.
enum Console {
  static func print(_ text: String) { write(text + "\n", to: .standardOutput) }

  static func error(_ text: String) { write(text + "\n", to: .standardError) }

  static func write(_ text: String, to handle: FileHandle) {
    // A reader that has gone (a closed pipe) is no reason to stop a sweep.
    try? handle.write(contentsOf: Data(text.utf8))
  }

  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal at standard error.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  static func printJSON(_ value: some Encodable) throws {
    print(String(decoding: try IndentedJSON.data(value), as: UTF8.self))
  }
}
