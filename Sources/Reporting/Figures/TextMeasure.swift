import Text

/// How much room a text takes in a figure, without the font that will draw it: an upper bound, from the advance widths of
/// DejaVu Sans, which is wider than Helvetica and Arial.
package enum TextMeasure {
  /// Pixels between two lines.
  static func lineHeight(_ size: Double) -> Double { (size * 1.2).rounded(.up) }

  /// In pixels.
  package static func width(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + advance($1) } * size
  }

  /// The text in lines no wider than `width`: broken behind blanks and signs that part words, and within a word where
  /// that alone is too long. Nothing but blanks at a break is lost.
  package static func lines(_ text: String, width limit: Double, size: Double) -> [String] {
    var lines = [""]
    for word in words(text) {
      for piece in pieces(word, limit, size) {
        let longer = lines[lines.count - 1] + piece
        if lines == [""] || width(trimmed(longer), size: size) <= limit {
          lines[lines.count - 1] = longer
        } else {
          lines.append(piece)
        }
      }
    }
    return lines.map(trimmed)
  }

  /// Whether those lines are broken between words only.
  static func breaksAtWords(_ text: String, width limit: Double, size: Double) -> Bool {
    words(text).allSatisfy { width(trimmed($0), size: size) <= limit }
  }

  /// Each with the blank or sign behind it.
  private static func words(_ text: String) -> [String] {
    text.reduce(into: [""]) { words, character in
      words[words.count - 1].append(character)
      if " _-/,;:+".contains(character) { words.append("") }
    }.filter { !$0.isEmpty }
  }

  private static func pieces(_ word: String, _ limit: Double, _ size: Double) -> [String] {
    guard width(trimmed(word), size: size) > limit else { return [word] }
    return word.reduce(into: [""]) { pieces, character in
      let longer = pieces[pieces.count - 1] + String(character)
      if pieces[pieces.count - 1].isEmpty || width(longer, size: size) <= limit {
        pieces[pieces.count - 1] = longer
      } else {
        pieces.append(String(character))
      }
    }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed().drop { $0 == " " })
  }

  /// In em.
  private static func advance(_ scalar: Unicode.Scalar) -> Double {
    if (0x20...0x7E).contains(scalar.value) { return ascii[Int(scalar.value) - 0x20] }
    if scalar.properties.isEmojiPresentation { return 1.4 }
    if scalar.isEastAsianWide { return 1.05 }
    return switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: 0
    case .lowercaseLetter, .decimalNumber: 0.8
    case .spaceSeparator: 0.35
    default: 1
    }
  }

  /// From blank to tilde, in hundredths of an em, rounded up.
  private static let ascii: [Double] = [
    32, 41, 46, 84, 64, 96, 78, 28, 40, 40, 50, 84, 32, 37, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 54, 102, 69, 69, 70, 78, 64, 58, 78, 76, 30, 30, 66, 56, 87, 75, 79, 61, 79, 70, 64, 62, 74, 69, 99, 69, 62,
    69, 40, 34, 40, 84, 50, 50, 62, 64, 55, 64, 62, 36, 64, 64, 28, 28, 58, 28, 98, 64, 62, 64, 64, 42, 53, 40, 64, 60,
    82, 60, 60, 53, 64, 34, 64, 84,
  ].map { $0 / 100 }
}
