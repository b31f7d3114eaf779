/// The one text of a JSON value, after RFC 8785 (JSON Canonicalization Scheme): no white space, members sorted by the
/// UTF-16 units of their keys, numbers as ECMAScript writes them. No locale, no dependence on Foundation's version.
package enum CanonicalJSON {
  package static func text(_ value: JSONValue) -> String {
    var bytes: [UInt8] = []
    add(value, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func add(_ value: JSONValue, to bytes: inout [UInt8]) {
    switch value {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
    case .number(let number): bytes.append(contentsOf: text(number).utf8)
    case .string(let text): addQuoted(text, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        add(element, to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in sorted(members).enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        addQuoted(member.0, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        add(member.1, to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
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
    members.sorted { precedes($0.0, $1.0) }
  }

  /// By UTF-16 units; those of ASCII, as nearly every key is, have the order of its bytes.
  private static func precedes(_ a: String, _ b: String) -> Bool {
    if a.utf8.allSatisfy({ $0 < 0x80 }), b.utf8.allSatisfy({ $0 < 0x80 }) {
      return a.utf8.lexicographicallyPrecedes(b.utf8)
    }
    return a.utf16.lexicographicallyPrecedes(b.utf16)
  }

  package static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    addQuoted(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// By byte: what has to be escaped is ASCII, and no part of any other sign.
  private static func addQuoted(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
        bytes.append(byte)
      } else if let escape = escapes[byte] {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(contentsOf: escape.utf8)
      } else {
        bytes.append(contentsOf: ((byte < 0x10 ? "\\u000" : "\\u00") + String(byte, radix: 16)).utf8)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static let escapes: [UInt8: String] = [
    UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", 0x08: "b", 0x09: "t", 0x0A: "n", 0x0C: "f", 0x0D: "r",
  ]

  /// ECMAScript's `Number::toString` (ECMA-262, 6.1.6.1.20): the shortest digits that read back as the same double,
  /// plain between 1e-6 and 1e21, scientific outside; -0 is 0.
  package static func text(_ number: Double) -> String {
    precondition(number.isFinite, "JSON has no number for \(number)")
    guard number != 0 else { return "0" }
    // Every whole number up to here is a double of its own: its digits are the shortest.
    if number.magnitude < 0x1p53, let whole = Int64(exactly: number) { return "\(whole)" }
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
