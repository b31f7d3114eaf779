extension String {
  /// Every scalar that means something to a format is replaced by its harmless form.
  ///
  /// By Unicode scalar, as the format's own parsers read, never by `Character`: a sign that joins its neighbour (U+0600
  /// before it, U+0301 or U+200D behind it, a carriage return before a line feed) makes one character of both, and would
  /// shield it.
  package func replacingScalars(_ table: [Unicode.Scalar: String]) -> String {
    if table.keys.allSatisfy(\.isASCII) { return replacingBytes(table) }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let harmless = table[scalar] { text.append(contentsOf: harmless.unicodeScalars) } else { text.append(scalar) }
    }
    return String(text)
  }

  /// The same of ASCII's scalars, whose bytes are no part of any other: whole pages go through it.
  private func replacingBytes(_ table: [Unicode.Scalar: String]) -> String {
    var harmless = [String.UTF8View?](repeating: nil, count: 256)
    for (scalar, text) in table { harmless[Int(scalar.value)] = text.utf8 }
    guard utf8.contains(where: { harmless[Int($0)] != nil }) else { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count + utf8.count / 4)
    for byte in utf8 {
      if let text = harmless[Int(byte)] { bytes.append(contentsOf: text) } else { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// With every scalar that acts on what shows it (`Unicode.Scalar.acts`) named in its place: ESC is `[U+001B]`.
  ///
  /// - Parameter kept: the ones that may act.
  package func visible(keeping kept: Set<Unicode.Scalar> = []) -> String {
    // Whole tables are of ASCII: there, the bytes tell.
    let isHarmless = utf8.allSatisfy { 0x20...0x7E ~= $0 || $0 < 0x80 && kept.contains(Unicode.Scalar($0)) }
    guard !isHarmless, unicodeScalars.contains(where: { $0.acts && !kept.contains($0) }) else { return self }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.acts && !kept.contains(scalar) {
        text.append(contentsOf: "[\(scalar.codePoint)]".unicodeScalars)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }

  /// Whether it holds nothing but ASCII's letters, digits, signs and blanks, as nearly all of a table of thousands of rows.
  var isPlain: Bool { utf8.allSatisfy { 0x20...0x7E ~= $0 } }

  /// Visible, and in one line: tabs and ends of lines become blanks.
  package var oneLine: String {
    isPlain
      ? self
      : replacingScalars(["\n": " ", "\r": " ", "\t": " ", "\u{85}": " ", "\u{2028}": " ", "\u{2029}": " "]).visible()
  }
}

extension Unicode.Scalar {
  /// Whether it does something to a terminal or to the text around it instead of being seen: control characters,
  /// separators of lines and paragraphs, marks, embeddings, overrides and isolates of writing direction, the byte order
  /// mark, and what is no character (which no XML may hold).
  package var acts: Bool {
    switch value {
    case 0x00...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x206F, 0xFEFF, 0xFFF9...0xFFFB:
      true
    default: properties.isNoncharacterCodePoint
    }
  }

  /// `\u001b`, or the two halves of a scalar beyond U+FFFF.
  package var jsonEscape: String {
    UTF16.encode(self)!.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  /// `U+001B`
  package var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
