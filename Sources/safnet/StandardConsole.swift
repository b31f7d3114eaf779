import Foundation
import Workbench

/// Results go to standard output, everything else to standard error.
struct StandardConsole: Console {
  func print(_ text: String) { write(text + "\n", to: .standardOutput) }

  func write(_ text: String) { write(text, to: .standardError) }

  private func write(_ text: String, to handle: FileHandle) {
    // A reader that has gone (a closed pipe) is no reason to stop a sweep.
    try? handle.write(contentsOf: Data(text.utf8))
  }

  var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal at standard error.
  var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

let console = StandardConsole()
