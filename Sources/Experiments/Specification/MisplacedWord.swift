import JSON

/// A word of another language, such as `True`, where what it stands for may not stand either: in the place of a number, say.
/// Whoever is told to write `true` there would be told next that a number is wanted.
enum MisplacedWord {
  /// What is wanted in the word's place; nil where that is the word's own meaning, or cannot be told.
  ///
  /// - Parameters:
  ///   - error: the first of the text.
  ///   - form: of the whole document.
  static func error<Value>(_ error: JSONSyntaxError, in bytes: [UInt8], _ form: Form<Value>) -> JSONError? {
    guard case .word(let word) = error.fault, let document = meant(bytes, from: error),
      let path = document.path(of: error.place)
    else { return nil }
    func fault(_ document: JSONNode) -> JSONError.Fault? {
      var mistakes: [JSONError] = []
      _ = form.read(Input(document), nil, &mistakes)
      return mistakes.first { $0.path == path }?.fault
    }
    func wanted(_ expected: String) -> JSONError {
      JSONError(.wrongType(found: word, expected: expected), at: path, error.place)
    }
    // Null may be for what is usual, and another value for none.
    if JSONSyntaxError.Fault.literal(word) == "null",
      case .wrongType(_, let expected)? = meant(bytes, from: error, as: "\"none\"").flatMap(fault),
      expected.contains("; write "), !expected.hasSuffix("; write null")
    {
      return wanted(expected)
    }
    switch fault(document) {
    case .wrongType(_, let expected)?: return wanted(expected)
    case .nullValue(let expected)?: return wanted("\(expected), or nothing: leave the field out")
    default: return nil
    }
  }

  /// More words than anybody writes so in one file.
  private static let most = 1000

  /// The document with such words as JSON has them; nil where something else is wrong with it.
  ///
  /// - Parameter other: what stands for the first in its place.
  private static func meant(_ bytes: [UInt8], from first: JSONSyntaxError, as other: String? = nil) -> JSONNode? {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var (text, error) = (bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes, first)
    for _ in 0..<most {
      guard case .word(let word) = error.fault, let literal = JSONSyntaxError.Fault.literal(word),
        let start = offset(of: error.place, in: text), text[start...].starts(with: word.utf8)
      else { return nil }
      let written = error == first ? other ?? literal : literal
      text.replaceSubrange(start..<start + word.utf8.count, with: written.utf8)
      do throws(JSONSyntaxError) { return try JSONParser.parse(text, origin: error.place.origin) } catch let next {
        error = next
      }
    }
    return nil
  }

  /// Where the character of that line and column begins.
  private static func offset(of place: SourcePlace, in text: [UInt8]) -> Int? {
    var (line, column) = (1, 1)
    for index in text.indices {
      if line == place.line, column == place.column { return index }
      let isLast = index + 1 == text.count || text[index + 1] & 0xC0 != 0x80
      if text[index] == UInt8(ascii: "\n") { (line, column) = (line + 1, 1) } else if isLast { column += 1 }
    }
    return nil
  }
}

extension JSONNode {
  /// The path of the value that was written at a place; nil where none begins.
  fileprivate func path(of wanted: SourcePlace) -> JSONPath? {
    if place == wanted { return JSONPath() }
    switch content {
    case .object(let members):
      return members.lazy.compactMap { member in
        member.node.path(of: wanted).map { JSONPath([.key(member.key)] + $0.steps) }
      }.first
    case .array(let elements):
      return elements.enumerated().lazy.compactMap { index, element in
        element.path(of: wanted).map { JSONPath([.index(index)] + $0.steps) }
      }.first
    default: return nil
    }
  }
}
