import Text

/// A strict JSON reader (RFC 8259 with the limits of RFC 7493) that keeps line, column and order, refuses duplicate
/// keys, and says what people usually get wrong: trailing commas, comments, NaN, single quotes.
package struct JSONParser {
  package static let depthLimit = 64

  let bytes: [UInt8]
  let origin: SourcePlace.Origin
  private(set) var position = 0
  private var line = 1
  private var column = 1
  /// Brackets and quotes that are open.
  private(set) var open: [SourcePlace] = []

  package static func parse(_ bytes: [UInt8], origin: SourcePlace.Origin) throws(JSONSyntaxError) -> JSONNode {
    if case .file = origin, let kind = FileKind(bytes), ![.json, .empty].contains(kind) {
      throw JSONSyntaxError(.foreign(kind), SourcePlace(origin))
    }
    try checkUTF8(bytes, origin)
    var parser = JSONParser(bytes: bytes, origin: origin)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    do throws(JSONSyntaxError) { return try parser.document() } catch { throw parser.markInLine(of: error) ?? error }
  }

  private mutating func document() throws(JSONSyntaxError) -> JSONNode {
    let node = try value()
    try skipSpace()
    if peek != nil { throw error(.contentAfterEnd(found: found)) }
    return node
  }

  private init(bytes: [UInt8], origin: SourcePlace.Origin) {
    (self.bytes, self.origin) = (bytes, origin)
  }

  private static func checkUTF8(_ bytes: [UInt8], _ origin: SourcePlace.Origin) throws(JSONSyntaxError) {
    var (decoder, iterator) = (UTF8(), bytes.makeIterator())
    var place = SourcePlace(origin)
    // UTF-16 of plain letters is UTF-8 too, with a NUL beside each: no JSON begins so.
    if bytes.prefix(2).contains(0) { throw JSONSyntaxError(.invalidUTF8, place) }
    while true {
      switch decoder.decode(&iterator) {
      case .emptyInput: return
      case .error: throw JSONSyntaxError(.invalidUTF8, place)
      case .scalarValue("\n"): (place.line, place.column) = (place.line + 1, 1)
      case .scalarValue: place.column += 1
      }
    }
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONNode {
    try skipSpace()
    let start = place
    switch peek {
    case UInt8(ascii: "{"): return JSONNode(.object(try members()), start)
    case UInt8(ascii: "["): return JSONNode(.array(try elements()), start)
    case UInt8(ascii: "\""): return JSONNode(.string(try string()), start)
    case UInt8(ascii: "'"): throw singleQuotes
    case nil: throw ended("a value")
    default:
      let first = position
      var node = JSONNode(try wordOrNumber(), start)
      guard case .number = node.content else { return node }
      let text = String(decoding: bytes[first..<position], as: UTF8.self)
      node.mayBeThousands = JSONNumber.mayBeThousands(text)
      let isJoined = first > 1 && bytes[first - 1] == UInt8(ascii: ",") && 0x30...0x39 ~= bytes[first - 2]
      node.digitsBehindComma = isJoined ? text : nil
      return node
    }
  }

  private mutating func members() throws(JSONSyntaxError) -> [JSONMember] {
    var members: [JSONMember] = []
    var first: [String: SourcePlace] = [:]
    try sequence(closing: "}") { parser throws(JSONSyntaxError) in
      let start = parser.place
      guard parser.peek == UInt8(ascii: "\"") else {
        if !members.isEmpty, parser.peek.map({ 0x30...0x39 ~= $0 }) == true {
          throw parser.error(parser.digitsBehindComma(at: parser.position))
        }
        if parser.peek == UInt8(ascii: "'") { throw parser.singleQuotes }
        if let other = parser.otherKey { throw other }
        throw parser.unexpected("a key in double quotes or }")
      }
      let key = try parser.string()
      if let before = first.updateValue(start, forKey: key) {
        throw JSONSyntaxError(.duplicateKey(key, first: before), start)
      }
      try parser.skipSpace()
      guard parser.take(":") else { throw parser.unexpected("a colon") }
      members.append(JSONMember(key: key, place: start, node: try parser.value()))
    }
    return members
  }

  private mutating func elements() throws(JSONSyntaxError) -> [JSONNode] {
    var elements: [JSONNode] = []
    try sequence(closing: "]") { parser throws(JSONSyntaxError) in elements.append(try parser.value()) }
    return elements
  }

  /// From an opening bracket to its closing one, with commas between the items.
  private mutating func sequence(
    closing: Unicode.Scalar, item: (inout JSONParser) throws(JSONSyntaxError) -> Void
  ) throws(JSONSyntaxError) {
    if open.count >= Self.depthLimit { throw error(.tooDeep(limit: Self.depthLimit)) }
    open.append(place)
    defer { open.removeLast() }
    advance()
    try skipSpace()
    if take(closing) { return }
    while true {
      try item(&self)
      try skipSpace()
      if take(closing) { return }
      let comma = place
      guard take(",") else { throw missingComma(closing) }
      try skipSpace()
      if peek == UInt8(ascii: closing) { throw JSONSyntaxError(.trailingComma, comma) }
    }
  }
}

// MARK: Words, numbers, texts

extension JSONParser {
  private mutating func wordOrNumber() throws(JSONSyntaxError) -> JSONNode.Content {
    let start = place
    let text = token()
    let shown = text.shortened(to: 40)
    switch text {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    case "": throw unexpected("a value")
    default: break
    }
    if let quoted = Self.curly(text) { throw JSONSyntaxError(.curlyQuotes(quoted), start) }
    if text.first == "(", text.contains(where: \.isNumber) {
      throw JSONSyntaxError(.unexpected(found: "(", expected: "a list in square brackets"), start)
    }
    guard text.prefix(2).contains(where: \.isNumber), text.first?.isLetter != true else {
      throw JSONSyntaxError(.word(shown), start)
    }
    guard JSONNumber.isWellFormed(text), let number = Double(text) else {
      if let fault = partOfNumber(text, at: position - text.utf8.count) { throw JSONSyntaxError(fault, start) }
      throw JSONSyntaxError(.badNumber(shown, better: JSONNumber.wellFormed(text)), start)
    }
    if !number.isFinite { throw JSONSyntaxError(.numberTooLarge(shown), start) }
    if number.magnitude > 0x1.fffffffffffffp52, !text.contains(where: { ".eE".contains($0) }) {
      throw JSONSyntaxError(.inexactInteger(shown), start)
    }
    return .number(number)
  }

  /// Everything up to white space or punctuation: a word, a number, or a mistake worth showing whole.
  private mutating func token() -> String {
    let start = position
    while let byte = peek, !" \t\r\n,:[]{}\"".utf8.contains(byte) { advance() }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    let start = place
    advance()
    var text: [UInt8] = []
    while true {
      switch peek {
      case nil: throw ended("the closing quote of a text", open: start)
      case UInt8(ascii: "\""):
        advance()
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += Array(String(try escape()).utf8)
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): throw error(.textOverLines(start: start))
      case .some(let byte) where byte < 0x20: throw error(.controlCharacter(byte))
      case .some(let byte):
        text.append(byte)
        advance()
      }
    }
  }

  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let start = place
    advance()
    guard let byte = peek else { throw ended("the rest of an escape") }
    if byte == UInt8(ascii: "u") { return try unicodeEscape(start) }
    guard let scalar = Self.escapes[byte] else { throw JSONSyntaxError(.badEscape("\\" + found), start) }
    advance()
    return scalar
  }

  private static let escapes: [UInt8: Unicode.Scalar] = [
    UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
    UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
  ]

  /// `\u` and four hexadecimal digits; two of them, when the first is a high surrogate.
  private mutating func unicodeEscape(_ start: SourcePlace) throws(JSONSyntaxError) -> Unicode.Scalar {
    let begin = position - 1
    let high = try hexadecimal(start)
    if let scalar = Unicode.Scalar(high) { return scalar }
    if high < 0xDC00, take("\\"), peek == UInt8(ascii: "u") {
      let low = try hexadecimal(start)
      if 0xDC00...0xDFFF ~= low { return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))! }
    }
    throw JSONSyntaxError(.loneSurrogate(String(decoding: bytes[begin..<begin + 6], as: UTF8.self)), start)
  }

  private mutating func hexadecimal(_ start: SourcePlace) throws(JSONSyntaxError) -> UInt32 {
    advance()
    let digits = bytes[position..<min(position + 4, bytes.count)]
    let text = String(decoding: digits, as: UTF8.self)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(text, radix: 16)
    else { throw JSONSyntaxError(.badEscape("\\u" + text), start) }
    for _ in 0..<4 { advance() }
    return value
  }
}

// MARK: Bytes

extension JSONParser {
  var peek: UInt8? { position < bytes.count ? bytes[position] : nil }
  var place: SourcePlace { SourcePlace(origin, line: line, column: column) }

  private mutating func advance() {
    let byte = bytes[position]
    position += 1
    if byte == UInt8(ascii: "\n") {
      (line, column) = (line + 1, 1)
    } else if position == bytes.count || bytes[position] & 0xC0 != 0x80 {
      column += 1  // the last byte of a scalar
    }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    advance()
    return true
  }

  private mutating func skipSpace() throws(JSONSyntaxError) {
    while let byte = peek, " \t\r\n".utf8.contains(byte) { advance() }
    if peek == UInt8(ascii: "/") || peek == UInt8(ascii: "#") { throw error(.comment) }
  }
}
