extension String {
  /// Every scalar that means something to a format is replaced by its harmless form.
  ///
  /// By Unicode scalar, as the format's own parsers read, never by `Character`: a sign that joins its neighbour (U+0600
  /// before it, U+0301 or U+200D behind it, a carriage return before a line feed) makes one character of both, and would
  /// shield it.
  package func replacingScalars(_ table: [Unicode.Scalar: String]) -> String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let harmless = table[scalar] { text.append(contentsOf: harmless.unicodeScalars) } else { text.append(scalar) }
    }
    return String(text)
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

  /// `U+001B`
  package var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
