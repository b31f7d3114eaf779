import Foundation
import Text

/// A table as spreadsheets and scripts save it: comma, semicolon, tab or bar between fields, double quotes around those
/// that hold one, UTF-8 or UTF-16, any line ends, perhaps a line `sep=;` before everything else.
///
/// Works by Unicode scalar: a sign that joins its neighbour to one character hides neither a comma nor a quote.
struct DelimitedText {
  struct Row: Equatable {
    /// Of its first field, counted from 1.
    var line: Int
    var fields: [String]

    /// What is wrong with it below such columns.
    func flaw(columns: [String]) -> String? {
      guard fields.count != columns.count else { return nil }
      return
        "\(Quantity.of(fields.count, "field")) where \(columns.count) are named (\(DatasetNotice.shortList(columns))); write one"
        + " for each column, perhaps empty, and in double quotes one that holds the sign between them"
    }
  }

  /// Of a case that two lines name.
  static func twice(_ name: String, first: Int) -> String {
    "column case: \(name) is given twice, first in line \(first); take one of the two lines out, or correct its name"
  }

  /// Why bytes are no such table.
  struct Refusal: Error, Equatable {
    /// 0: all of it.
    var line: Int
    var reason: String
  }

  /// Without rows that hold nothing, and without comments (`#` first).
  let rows: [Row]

  private static let delimiters: [Unicode.Scalar] = [",", ";", "\t", "|"]

  /// - Parameters:
  ///   - wanted: columns that the first row should name, in small letters; decides between delimiters.
  ///   - name: of its file, where that is known.
  init(_ data: Data, wanted: [String], named name: String = "") throws(Refusal) {
    if let kind = FileKind(data)?.named(name) {
      throw Refusal(line: 0, reason: "\(kind.words), and no table; \(kind.tableRemedy(columns: wanted))")
    }
    let scalars = Array(try Self.text(data).unicodeScalars)
    let (given, start, line) = Self.announcedDelimiter(scalars)
    let content = scalars[start...]
    guard let given else {
      var best: (rows: [Row], named: Int)?
      for delimiter in Self.delimiters {
        let rows = try Self.rows(content, delimiter, firstLine: line)
        let named = rows.first.map { row in wanted.count { row.fields.map { $0.lowercased() }.contains($0) } } ?? 0
        if named > best?.named ?? -1 { best = (rows, named) }
      }
      rows = best?.rows ?? []
      return
    }
    rows = try Self.rows(content, given, firstLine: line)
  }

  // MARK: Text

  private static func text(_ data: Data) throws(Refusal) -> String {
    let encoding: (String.Encoding, mark: Int)? =
      data.starts(with: [0xFF, 0xFE])
      ? (.utf16LittleEndian, 2) : data.starts(with: [0xFE, 0xFF]) ? (.utf16BigEndian, 2) : unmarkedUTF16(data)
    let text: String? =
      if let encoding {
        String(data: data.dropFirst(encoding.mark), encoding: encoding.0)
      } else {
        String(validating: data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data, as: UTF8.self)
      }
    guard let text, !text.unicodeScalars.contains("\0") else {
      throw Refusal(line: line(ofBadByteIn: data), reason: "is neither UTF-8 nor UTF-16 text; save it as \"CSV UTF-8\"")
    }
    return text
  }

  /// Two bytes for each letter show by the zeros of the first ones.
  private static func unmarkedUTF16(_ data: Data) -> (String.Encoding, mark: Int)? {
    let bytes = Array(data.prefix(2))
    guard bytes.count == 2, data.count.isMultiple(of: 2) else { return nil }
    return bytes[1] == 0 && bytes[0] != 0
      ? (.utf16LittleEndian, 0) : bytes[0] == 0 && bytes[1] != 0 ? (.utf16BigEndian, 0) : nil
  }

  private static func line(ofBadByteIn data: Data) -> Int {
    let (good, _) =
      data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
      .first { String(validating: $0.element, as: UTF8.self) == nil || $0.element.contains(0) } ?? (0, Data())
    return good + 1
  }

  /// `sep=;`, as some spreadsheets write it: the delimiter, and where the table begins.
  private static func announcedDelimiter(
    _ scalars: [Unicode.Scalar]
  ) -> (delimiter: Unicode.Scalar?, start: Int, line: Int) {
    let end = scalars.firstIndex { isLineEnd($0) } ?? scalars.count
    let first = scalars[..<end].filter { $0 != "\"" }
    guard first.count == 5, String(String.UnicodeScalarView(first.prefix(4))).lowercased() == "sep=" else {
      return (nil, 0, 1)
    }
    let pair = end + 1 < scalars.count && scalars[end] == "\r" && scalars[end + 1] == "\n"
    return (first[4], min(end + (pair ? 2 : 1), scalars.count), 2)
  }

  // MARK: Rows

  private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}", "\u{B}", "\u{C}"].contains(scalar)
  }

  /// Delimiters and line ends separate, double quotes protect both, a doubled quote is one.
  private static func rows(
    _ text: ArraySlice<Unicode.Scalar>, _ delimiter: Unicode.Scalar, firstLine: Int
  ) throws(Refusal) -> [Row] {
    var (rows, fields, field): ([Row], [String], String.UnicodeScalarView) = ([], [], .init())
    var (line, start, opened) = (firstLine, firstLine, 0)
    var (isQuoted, wasQuote, isProtected) = (false, false, false)
    // Padding is dropped, but not what stands in quotes.
    func ended() -> String { isProtected ? String(field) : String(field).trimmingCharacters(in: .whitespaces) }
    for (index, scalar) in zip(text.indices, text) {
      let isSecondHalf = scalar == "\n" && index > text.startIndex && text[index - 1] == "\r"
      if isLineEnd(scalar) && !isSecondHalf { line += 1 }
      switch scalar {
      case "\"":
        if !isQuoted && wasQuote { field.append(scalar) }
        if !isProtected && field.allSatisfy(\.properties.isWhitespace) { field = .init() }
        (isQuoted, isProtected) = (!isQuoted, true)
        if isQuoted { opened = line }
      case delimiter where !isQuoted:
        fields.append(ended())
        (field, isProtected) = (.init(), false)
      case _ where isLineEnd(scalar) && !isQuoted:
        if !isSecondHalf { rows.append(Row(line: start, fields: fields + [ended()])) }
        (fields, field, start, isProtected) = ([], .init(), line, false)
      case _ where isProtected && !isQuoted && scalar.properties.isWhitespace: break
      default: field.append(scalar)
      }
      wasQuote = scalar == "\""
    }
    if isQuoted { throw Refusal(line: opened, reason: "a double quote is not closed; close it, or take it out") }
    rows.append(Row(line: start, fields: fields + [ended()]))
    return rows.filter { row in !row.fields.allSatisfy(\.isEmpty) && !row.fields[0].hasPrefix("#") }
  }

  /// A field as it is written between commas.
  static func quoted(_ field: String) -> String {
    let scalars = field.unicodeScalars
    let isPlain =
      !scalars.contains { ",;|\t\"#".unicodeScalars.contains($0) || isLineEnd($0) }
      && field == field.trimmingCharacters(in: .whitespaces)
    guard !isPlain else { return field }
    var text = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in scalars { text.append(contentsOf: scalar == "\"" ? ["\"", "\""] : [scalar]) }
    return String(text) + "\""
  }
}
