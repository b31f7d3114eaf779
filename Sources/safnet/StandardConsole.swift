import Foundation
import Synchronization
import Text
import Workbench

/// Results go to standard output, everything else to standard error.
final class StandardConsole: Console {
  /// Why standard output took no more, from the first refusal on.
  private let refused = Mutex<String?>(nil)
  /// What was warned of once.
  private let warnings = Mutex<Set<String>>([])

  var refusal: String? { refused.withLock { $0 } }

  /// Names and other people's words must not act on the terminal, and what was cut off must not pass for a result.
  func print(_ text: String) {
    guard refusal == nil else { return }
    do {
      try write(text.visible(keeping: ["\n", "\t"]) + "\n", to: .standardOutput)
    } catch {
      refused.withLock { $0 = Self.reason(error) }
    }
  }

  /// A reader that has gone is no reason to stop a sweep.
  func write(_ text: String) { try? write(text, to: .standardError) }

  /// Of what each of several looks at one thing finds: a command opens the index more than once.
  func warnOnce(_ words: String) {
    if warnings.withLock({ $0.insert(words).inserted }) { error("warning: \(words)") }
  }

  /// Clears the terminal at standard output, if there is one.
  func clear() {
    if isatty(STDOUT_FILENO) == 1 { try? write("\u{1B}[H\u{1B}[2J", to: .standardOutput) }
  }

  private func write(_ text: String, to handle: FileHandle) throws {
    try handle.write(contentsOf: Data(text.utf8))
  }

  private static func reason(_ error: any Error) -> String {
    let system = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    return system.domain == NSPOSIXErrorDomain
      ? String(cString: strerror(Int32(system.code))).lowercased() : error.localizedDescription
  }

  var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Columns of the terminal at standard error.
  var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

/// The streams that a program is started with.
enum StandardStreams {
  /// Takes the places of those that were closed, so that no file of ours is opened there and written into: what is read
  /// or written at them fails as before.
  static func hold() {
    for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) < 0 {
      _ = open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}

let console = StandardConsole()
