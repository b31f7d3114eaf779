/// The spelling of JSON's numbers: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
///
/// By hand, because a regular expression is compiled again at each use: that was most of the time of reading an experiment.
struct JSONNumber {
  private var rest: Substring.UTF8View

  static func isWellFormed(_ text: String) -> Bool {
    var number = JSONNumber(rest: text[...].utf8)
    return number.takeAll()
  }

  /// The number that is meant by another spelling of it: `.5`, `+1`, `1_000`, `0x10`; nil where none is sure.
  static func wellFormed(_ text: String) -> String? {
    let plain = text.replacing("_", with: "").drop { $0 == "+" }
    if plain.lowercased().hasPrefix("0x"), let value = Int(plain.dropFirst(2), radix: 16) { return "\(value)" }
    let isNumber = plain.wholeMatch(of: /-?[0-9]*\.?[0-9]*([eE][+-]?[0-9]+)?/) != nil
    guard isNumber, let value = Double(plain), value.isFinite else { return nil }
    return CanonicalJSON.text(.number(value))
  }

  /// Whether its point may stand between thousands: `1.000`.
  static func mayBeThousands(_ text: String) -> Bool {
    text.hasSuffix(".000") && text.wholeMatch(of: /[1-9][0-9]{0,2}\.000/) != nil
  }

  private mutating func takeAll() -> Bool {
    _ = take("-")
    guard take("0") || takeDigits() else { return false }
    if take("."), !takeDigits() { return false }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      guard takeDigits() else { return false }
    }
    return rest.isEmpty
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  /// One digit or more.
  private mutating func takeDigits() -> Bool {
    let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
    rest.removeFirst(count)
    return count > 0
  }
}
