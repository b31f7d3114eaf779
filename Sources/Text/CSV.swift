/// RFC 4180, read and written by Unicode scalar.
package enum CSV {
  /// A field as it stands in a line: quoted where it holds a quote, an end of line or what some program takes for a
  /// separator.
  package static func escaped(_ field: String) -> String {
    // All of them are ASCII, so bytes tell: a file of scores has millions of fields.
    guard field.utf8.contains(where: isSpecial) else { return field }
    return "\"" + field.replacingScalars(["\"": "\"\""]) + "\""
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "\""), UInt8(ascii: "\n"),
      UInt8(ascii: "\r"):
      true
    default: false
    }
  }

  /// A name as a spreadsheet must take it: what would begin a formula there stands behind an apostrophe, and nothing in it
  /// acts (`Unicode.Scalar.acts`) but ends of lines and tabs, which a quoted field may hold.
  package static func name(_ text: String) -> String {
    let text = text.visible(keeping: ["\n", "\r", "\t"])
    guard let first = text.unicodeScalars.first, formulaStarts.contains(first) else { return text }
    return "'" + text
  }

  /// The signs and, as East Asian spreadsheets read them, their wide forms.
  private static let formulaStarts: Set<Unicode.Scalar> = [
    "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
  ]

  /// The rows of a text and their fields: separators part them, double quotes protect, a doubled quote is one. A row ends
  /// with LF, CR or both.
  package static func rows(_ text: String, separator: Unicode.Scalar = ",") -> [[String]] {
    var reader = Reader(separator: separator)
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() { reader.take(scalar, &scalars) }
    return reader.finished()
  }

  private struct Reader {
    let separator: Unicode.Scalar
    private var rows: [[String]] = []
    private var row: [String] = []
    private var field = String.UnicodeScalarView()
    private var isQuoted = false
    private var hasBegun = false

    init(separator: Unicode.Scalar) { self.separator = separator }

    mutating func take(_ scalar: Unicode.Scalar, _ rest: inout ArraySlice<Unicode.Scalar>) {
      hasBegun = true
      switch scalar {
      case "\"" where isQuoted && rest.first == "\"":
        rest.removeFirst()
        field.append(scalar)
      case "\"" where isQuoted || field.isEmpty: isQuoted.toggle()
      case _ where isQuoted: field.append(scalar)
      case separator: endField()
      case "\n": endRow()
      case "\r":
        if rest.first == "\n" { rest.removeFirst() }
        endRow()
      default: field.append(scalar)
      }
    }

    private mutating func endField() {
      row.append(String(field))
      field.removeAll()
    }

    private mutating func endRow() {
      endField()
      rows.append(row)
      (row, hasBegun) = ([], false)
    }

    mutating func finished() -> [[String]] {
      if hasBegun { endRow() }
      return rows
    }
  }
}
