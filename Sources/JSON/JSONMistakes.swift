import Text

/// What is said of a text that is no JSON, from what stands where it ends to be.
extension JSONParser {
  func error(_ fault: JSONSyntaxError.Fault) -> JSONSyntaxError { JSONSyntaxError(fault, place) }

  func unexpected(_ expected: String) -> JSONSyntaxError {
    peek == nil ? ended(expected) : error(.unexpected(found: found, expected: expected))
  }

  /// - Parameter open: what is not closed; nil: the last bracket.
  func ended(_ expected: String, open text: SourcePlace? = nil) -> JSONSyntaxError {
    guard case .file = origin else { return error(.endOfText(expected: expected)) }
    return error(.endOfText(expected: expected, open: text ?? open.last))
  }

  func missingComma(_ closing: Unicode.Scalar) -> JSONSyntaxError {
    switch peek {
    case nil: ended("a comma or \(closing)")
    case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"): unexpected("a comma or \(closing)")
    default: error(.missingComma(found: found))
    }
  }

  /// Of digits behind a comma and other digits: as thousands are divided, or as decimals are.
  func digitsBehindComma(at start: Int) -> JSONSyntaxError.Fault {
    let before = String(decoding: bytes[max(start - 5, 0)..<start], as: UTF8.self)
    let digits = String(decoding: bytes[start...].prefix { (0x30...0x39).contains($0) }, as: UTF8.self)
    let areThousands = digits.count == 3 && before.firstMatch(of: /(^|[^0-9.])[1-9][0-9]{0,2},$/) != nil
    return areThousands ? .thousandsComma(digits) : .decimalComma
  }

  /// Of digits that no number begins with, behind other digits and a comma: `000` of `1,000`, `05` of `1,05`; nil of others.
  func partOfNumber(_ text: String, at start: Int) -> JSONSyntaxError.Fault? {
    guard text.wholeMatch(of: /0[0-9]+/) != nil, start > 1, bytes[start - 1] == UInt8(ascii: ","),
      0x30...0x39 ~= bytes[start - 2]
    else { return nil }
    return .thousandsComma(text)
  }

  /// The character here, for a message; one that is not seen by its number.
  var found: String {
    let rest = bytes[position..<min(position + 4, bytes.count)]
    guard let first = String(decoding: rest, as: UTF8.self).unicodeScalars.first else { return "" }
    let isSeen = first.properties.generalCategory != .format && !first.properties.isWhitespace && first.value >= 0x20
    let number = String(first.value, radix: 16, uppercase: true)
    return isSeen ? String(first) : "U+" + String(repeating: "0", count: max(4 - number.count, 0)) + number
  }

  /// What stands between the single quote here and the next one of the line.
  var singleQuotes: JSONSyntaxError {
    let text = bytes[(position + 1)...].prefix { $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\n") }
    return error(.singleQuotes(String(decoding: text, as: UTF8.self).shortened(to: 40)))
  }

  /// Of a key that stands in other quotes or in none; nil where something else is wrong.
  var otherKey: JSONSyntaxError? {
    let rest = bytes[position...].prefix { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "\n") }
    let text = String(decoding: rest, as: UTF8.self)
    if let quoted = Self.curly(text) { return error(.curlyQuotes(quoted)) }
    let word = text.prefix { $0 != " " }
    let isKey = rest.endIndex < bytes.count && bytes[rest.endIndex] == UInt8(ascii: ":")
    guard isKey, word.wholeMatch(of: /[A-Za-z_][\w.-]*/) != nil else { return nil }
    return error(.bareKey(String(word).shortened(to: 40)))
  }

  /// What stands in typographic quotes at the beginning of a text; nil where there are none.
  static func curly(_ text: String) -> String? {
    let quotes = "\u{201C}\u{201D}\u{201E}\u{201F}\u{2018}\u{2019}\u{AB}\u{BB}"
    guard let first = text.first, quotes.contains(first) else { return nil }
    return String(text.dropFirst().prefix { !quotes.contains($0) && $0 != "\"" }).shortened(to: 40)
  }

  /// Lines that other programs put into a text.
  private static let marks = ["<<<<<<<", "=======", ">>>>>>>", "```"]

  /// The same error, where its line is one of those.
  func markInLine(of error: JSONSyntaxError) -> JSONSyntaxError? {
    let lines = bytes.split(
      separator: UInt8(ascii: "\n"), maxSplits: error.place.line, omittingEmptySubsequences: false)
    guard case .file = error.place.origin, error.place.line <= lines.count else { return nil }
    let line = String(decoding: lines[error.place.line - 1].prefix(80), as: UTF8.self)
    guard let mark = Self.marks.first(where: line.hasPrefix) else { return nil }
    return JSONSyntaxError(.mark(mark), SourcePlace(error.place.origin, line: error.place.line))
  }
}
