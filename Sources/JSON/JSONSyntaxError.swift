/// Why a text is not JSON, and where. There is one, the first: what follows it cannot be trusted.
package struct JSONSyntaxError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Fault: Equatable, Sendable {
    case invalidUTF8
    case endOfText(expected: String)
    case unexpected(found: String, expected: String)
    case trailingComma
    case missingComma(found: String)
    /// A number where a key should stand, behind a comma.
    case decimalComma
    case duplicateKey(String, first: SourcePlace)
    case comment
    case word(String)
    /// A text or a key that begins with a single quote, as far as the next one.
    case singleQuotes(String)
    case badNumber(String)
    case numberTooLarge(String)
    case inexactInteger(String)
    case controlCharacter(UInt8)
    case badEscape(String)
    case loneSurrogate(String)
    case tooDeep(limit: Int)
    case contentAfterEnd(found: String)
  }

  package var fault: Fault
  package var place: SourcePlace

  package init(_ fault: Fault, _ place: SourcePlace) { (self.fault, self.place) = (fault, place) }

  package var description: String { "\(place): \(fault.words)" }
}

extension JSONSyntaxError.Fault {
  package var words: String {
    switch self {
    case .invalidUTF8: "these bytes are not UTF-8; save the file as UTF-8"
    case .endOfText(let expected): "the text ends where \(expected) should follow"
    case .unexpected(let found, let expected): "found \(found) where \(expected) should stand"
    case .trailingComma: "a comma before a closing bracket; JSON has no trailing commas"
    case .missingComma(let found): "found \(found) where a comma should stand"
    case .decimalComma:
      "a comma divides fields, and a key in double quotes should follow it; decimals are written with a point, as 0.001"
    case .duplicateKey(let key, let first): "the key \"\(key)\" is here twice; first at \(first.line):\(first.column)"
    case .comment: "JSON has no comments"
    case .word(let word): "\(word) is not JSON; the words are true, false and null, texts stand in double quotes"
    case .singleQuotes(let text):
      "texts and keys stand in double quotes, not in single ones: write \(CanonicalJSON.quoted(text))"
    case .badNumber(let text): "\(text) is not a JSON number"
    case .numberTooLarge(let text): "\(text) is too large for a double-precision number"
    case .inexactInteger(let text): "\(text) has more digits than a double holds; integers end at 9007199254740991"
    case .controlCharacter(let byte):
      "a text holds the control character 0x\(String(byte, radix: 16)); write it as an escape"
    case .badEscape(let text): "\(text) is no escape sequence"
    case .loneSurrogate(let text): "\(text) is half of a surrogate pair"
    case .tooDeep(let limit): "more than \(limit) brackets are open"
    case .contentAfterEnd(let found): "found \(found) after the end of the document"
    }
  }
}
