import Text

/// Why a text is not JSON, and where. There is one, the first: what follows it cannot be trusted.
package struct JSONSyntaxError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Fault: Equatable, Sendable {
    case invalidUTF8
    /// - Parameter open: the last bracket or quote in a file that is not closed.
    case endOfText(expected: String, open: SourcePlace? = nil)
    case unexpected(found: String, expected: String)
    case trailingComma
    case missingComma(found: String)
    /// A number where a key should stand, behind a comma.
    case decimalComma
    /// Three digits behind a comma and others, as thousands are divided.
    case thousandsComma(String)
    case duplicateKey(String, first: SourcePlace)
    case comment
    case word(String)
    /// A text or a key that begins with a single quote, as far as the next one.
    case singleQuotes(String)
    /// The same with quotes as a word processor draws them.
    case curlyQuotes(String)
    /// A key without quotes.
    case bareKey(String)
    /// A text that does not end on its line.
    case textOverLines(start: SourcePlace)
    /// A line that git or Markdown put there; its first signs.
    case mark(String)
    /// Of another program altogether.
    case foreign(FileKind)
    /// With what is JSON and the same, where there is such.
    case badNumber(String, better: String? = nil)
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
    case .endOfText(let expected, let open):
      "the text ends where \(expected) should follow"
        + (open.map { "; it was cut off, or what opens at \($0.line):\($0.column) is not closed" } ?? "")
    case .unexpected(let found, let expected): "found \(found) where \(expected) should stand"
    case .trailingComma: "a comma before a closing bracket; JSON has no trailing commas"
    case .missingComma(let found): "found \(found) where a comma should stand"
    case .decimalComma:
      "a comma divides fields, and a key in double quotes should follow it; decimals are written with a point, as 0.001"
    case .thousandsComma(let digits):
      "a comma divides values, and \(digits) behind it is none here; the digits of one number stand without signs"
        + " between, as 1000, and decimals have a point, as 0.001"
    case .duplicateKey(let key, let first): "the key \"\(key)\" is here twice; first at \(first.line):\(first.column)"
    case .comment: "JSON has no comments"
    case .word(let word):
      "\(word) is not JSON; the words are true, false and null, texts stand in double quotes"
        + (Self.better(word).map { ": \($0)" } ?? "")
    case .singleQuotes(let text):
      "texts and keys stand in double quotes, not in single ones: write \(CanonicalJSON.quoted(text))"
    case .curlyQuotes(let text):
      "texts and keys stand in straight double quotes, not in typographic ones: write \(CanonicalJSON.quoted(text))"
    case .bareKey(let key): "keys stand in double quotes: write \(CanonicalJSON.quoted(key))"
    case .textOverLines(let start):
      "the text that begins at \(start.line):\(start.column) does not end on its line; close it with a straight double quote"
    case .mark(let signs):
      signs == "```"
        ? "``` marks code in Markdown and is no JSON; take out both lines with it"
        : "\(signs) is left of a merge by git; keep one of the two versions, and take out the lines <<<<<<<, ======= and >>>>>>>"
    case .foreign(let kind): "it \(kind.words), and no JSON; \(kind.documentRemedy)"
    case .badNumber(let text, let better): "\(text) is not a JSON number" + (better.map { "; write \($0)" } ?? "")
    case .numberTooLarge(let text): "\(text) is too large for a double-precision number"
    case .inexactInteger(let text): "\(text) has more digits than a double holds; integers end at 9007199254740991"
    case .controlCharacter(0x9): "a text holds the control character 0x9, a tab; write \\t, or a blank"
    case .controlCharacter(let byte):
      "a text holds the control character 0x\(String(byte, radix: 16)); write it as an escape"
    case .badEscape(let text):
      "\(text) is no escape sequence"
        + (text.hasPrefix("\\u") ? "" : "; write / between folders, and \\\\ for \\ itself")
    case .loneSurrogate(let text): "\(text) is half of a surrogate pair"
    case .tooDeep(let limit): "more than \(limit) brackets are open"
    case .contentAfterEnd(let found):
      ["{", "["].contains(found)
        ? "found \(found) after the end of the document: a second one begins here, as where one is pasted twice; keep one"
        : "found \(found) after the end of the document; take out what follows here, or the bracket that ends it too early"
    }
  }

  /// What JSON writes for a word of another language; nil for all others.
  package static func literal(_ word: String) -> String? {
    switch word {
    case "True", "TRUE", "yes", "Yes", "on": "true"
    case "False", "FALSE", "no", "No", "off": "false"
    case "None", "none", "NULL", "Null", "nil", "undefined": "null"
    default: nil
    }
  }

  /// Words of other languages.
  static func better(_ word: String) -> String? {
    if let literal = literal(word) { return "write \(literal)" + (literal == "null" ? ", or leave the field out" : "") }
    return switch word {
    case "NaN", "nan", "Infinity", "-Infinity", "inf": "write a number, or leave the field out"
    default: nil
    }
  }
}
