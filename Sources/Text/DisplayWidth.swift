extension String {
  /// Columns of a terminal that it takes: the sum over its grapheme clusters.
  package var displayWidth: Int { isPlain ? utf8.count : reduce(0) { $0 + $1.displayWidth } }

  /// With blanks behind it, or before it, up to a width.
  package func padded(to width: Int, left isLeft: Bool = true) -> String {
    let blanks = String(repeating: " ", count: max(0, width - displayWidth))
    return isLeft ? self + blanks : blanks + self
  }
}

extension Character {
  /// Columns of a terminal: 2 for an emoji, else 2 for each East Asian wide letter in it and 1 for each other; marks and
  /// joiners stand on what they join.
  package var displayWidth: Int {
    if isEmoji { return 2 }
    return unicodeScalars.reduce(0) { $0 + $1.columns }
  }

  /// Shown as a picture: by itself, by U+FE0F, as a key cap, as a flag.
  private var isEmoji: Bool {
    guard unicodeScalars.contains(where: \.properties.isEmoji) else { return false }
    return unicodeScalars.contains { $0.properties.isEmojiPresentation || $0 == "\u{FE0F}" }
  }
}

extension Unicode.Scalar {
  fileprivate var columns: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark, .format, .control, .lineSeparator, .paragraphSeparator: 0
    // Vowels and final consonants of a Hangul syllable that is spelt out.
    case .otherLetter where 0x1160...0x11FF ~= value || 0xD7B0...0xD7FB ~= value: 0
    default: isEastAsianWide ? 2 : 1
    }
  }

  /// Wide (W) and full-width (F) letters of Unicode's EastAsianWidth.txt, by the blocks that hold them; pictures are told
  /// by `isEmojiPresentation`.
  package var isEastAsianWide: Bool {
    switch value {
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60,
      0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
      true
    default: false
    }
  }
}
