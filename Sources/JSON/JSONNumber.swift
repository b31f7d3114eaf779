/// The spelling of JSON's numbers: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`.
///
/// By hand, because a regular expression is compiled again at each use: that was most of the time of reading an experiment.
struct JSONNumber {
  private var rest: Substring.UTF8View

  static func isWellFormed(_ text: String) -> Bool {
    var number = JSONNumber(rest: text[...].utf8)
    return number.takeAll()
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
