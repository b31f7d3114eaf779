import NIOHTTP1

/// What was asked for: a route's exact name and decoded parameters. Neither is ever made into a path.
package struct Request: Equatable, Sendable {
  /// As it was sent, without the parameters: nothing in it is decoded, so only the exact name of a route is one.
  package var path: String
  package var parameters: [String: String]

  /// Nil where an escape is not one, a parameter comes twice, or a text holds control characters.
  package init?(uri: String) {
    let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    path = String(parts[0])
    parameters = [:]
    guard parts.count == 2 else { return }
    for pair in parts[1].split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(sides[0]), let value = Self.decoded(sides.count == 2 ? sides[1] : ""),
        parameters.updateValue(value, forKey: name) == nil
      else { return nil }
    }
  }

  /// Once: an escape inside an escape stays text.
  private static func decoded(_ text: Substring) -> String? {
    guard let plain = String(text).replacing("+", with: " ").removingPercentEncoding,
      plain.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { return nil }
    return plain
  }
}
