/// The one text of a JSON value, after RFC 8785 (JSON Canonicalization Scheme): no white space, members sorted by the
/// UTF-16 units of their keys, numbers as ECMAScript writes them. No locale, no dependence on Foundation's version.
package enum CanonicalJSON {
  package static func text(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number): text(number)
    case .string(let text): quoted(text)
    case .array(let elements): "[" + elements.map(text).joined(separator: ",") + "]"
    case .object(let members):
      "{" + sorted(members).map { "\(quoted($0.0)):\(text($0.1))" }.joined(separator: ",") + "}"
    }
  }

  /// For people: two spaces of indentation, the members' own order, short lists on one line.
  package static func pretty(_ value: JSONValue, indent: String = "") -> String {
    let inner = indent + "  "
    switch value {
    case .object(let members) where !members.isEmpty:
      let lines = members.map { "\(inner)\(quoted($0.0)): \(pretty($0.1, indent: inner))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    case .array(let elements) where elements.contains(where: \.isContainer):
      return "[\n" + elements.map { inner + pretty($0, indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
    case .array(let elements): return "[" + elements.map(text).joined(separator: ", ") + "]"
    default: return text(value)
    }
  }

  private static func sorted(_ members: [(String, JSONValue)]) -> [(String, JSONValue)] {
    members.sorted { $0.0.utf16.lexicographicallyPrecedes($1.0.utf16) }
  }

  package static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      if let escape = escapes[scalar] {
        quoted += "\\" + escape
      } else if scalar.value < 0x20 {
        quoted += (scalar.value < 0x10 ? "\\u000" : "\\u00") + String(scalar.value, radix: 16)
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static let escapes: [Unicode.Scalar: String] = [
    "\"": "\"", "\\": "\\", "\u{8}": "b", "\t": "t", "\n": "n", "\u{c}": "f", "\r": "r",
  ]

  /// ECMAScript's `Number::toString` (ECMA-262, 6.1.6.1.20): the shortest digits that read back as the same double,
  /// plain between 1e-6 and 1e21, scientific outside; -0 is 0.
  package static func text(_ number: Double) -> String {
    precondition(number.isFinite, "JSON has no number for \(number)")
    guard number != 0 else { return "0" }
    let (digits, point) = decimal(number.magnitude)
    let sign = number < 0 ? "-" : ""
    if point > 21 || point <= -6 { return sign + scientific(digits, exponent: point - 1) }
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    if point >= digits.count { return sign + digits + String(repeating: "0", count: point - digits.count) }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
  }

  private static func scientific(_ digits: String, exponent: Int) -> String {
    let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
    return "\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
  }

  /// Shortest digits without zeros at either end, and where the decimal point stands: 0.d₁d₂… · 10^point.
  private static func decimal(_ magnitude: Double) -> (digits: String, point: Int) {
    let parts = magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let all = mantissa.joined()
    let digits = String(all.drop { $0 == "0" })
    let leading = all.count - digits.count
    let point = mantissa[0].count - leading + (parts.count > 1 ? Int(parts[1])! : 0)
    let kept = digits.lastIndex { $0 != "0" }!
    return (String(digits[...kept]), point)
  }
}

extension JSONValue {
  fileprivate var isContainer: Bool {
    switch self {
    case .array(let elements): elements.contains(where: \.isContainer)
    case .object(let members): !members.isEmpty
    default: false
    }
  }
}
