import JSON
import Text

/// Where a use case writes. The program hands in its standard streams, a test a list of what was written.
package protocol Console: Sendable {
  /// A result, as a line or several (standard output). The program's console lets nothing in it act on a terminal.
  func print(_ text: String)
  /// Notices, warnings and live lines, as they are: the caller ends the line (standard error).
  func write(_ text: String)
  /// Whether what `write` has written may be rewritten in place.
  var isTerminal: Bool { get }
  /// Characters of a line of that terminal.
  var columns: Int { get }
}

extension Console {
  /// A notice with its end of line. Nothing in it acts on a terminal: it may hold a file's name or another's words.
  package func error(_ text: String) { write(text.visible(keeping: ["\n", "\t"]) + "\n") }

  /// A result for scripts: indented, keys in order, times in ISO 8601; what would act on a terminal as JSON escapes it.
  package func printJSON(_ value: some Encodable) throws {
    let text = String(decoding: try IndentedJSON.data(value), as: UTF8.self)
    print(text.unicodeScalars.map { $0.acts && $0 != "\n" ? $0.jsonEscape : String($0) }.joined())
  }
}
