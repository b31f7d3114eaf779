import JSON

/// Where a use case writes. The program hands in its standard streams, a test a list of what was written.
package protocol Console: Sendable {
  /// A result, as a line or several (standard output).
  func print(_ text: String)
  /// Notices, warnings and live lines, as they are: the caller ends the line (standard error).
  func write(_ text: String)
  /// Whether what `write` has written may be rewritten in place.
  var isTerminal: Bool { get }
  /// Characters of a line of that terminal.
  var columns: Int { get }
}

extension Console {
  /// A notice with its end of line.
  package func error(_ text: String) { write(text + "\n") }

  /// A result for scripts: indented, keys in order, times in ISO 8601.
  package func printJSON(_ value: some Encodable) throws {
    print(String(decoding: try IndentedJSON.data(value), as: UTF8.self))
  }
}
