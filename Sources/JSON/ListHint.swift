import Text

extension JSONNode {
  /// How a list is written, after a value that could be its element, or an option that gave its elements without brackets.
  ///
  /// - Parameters:
  ///   - count: how many elements it has at least.
  ///   - schema: of its elements; null where they may be anything.
  ///   - isElement: whether such a value may be one of them.
  package func listHint(of count: Int, _ schema: JSONValue = .null, _ isElement: (JSONNode) -> Bool) -> String {
    let ofNumbers = schema.isOf("integer", "number")
    func fitting(_ list: JSONValue) -> String? {
      let list: JSONValue? = ofNumbers ? list.listOfNumbers : list
      return list.map { CanonicalJSON.text($0) }
    }
    if let list = listInQuotes.flatMap(fitting) { return "; the quotes make a text of it: write " + asSet(list) }
    let ofWords = !ofNumbers && schema["properties"] == nil
    if let list = listInText.flatMap(fitting) ?? (ofWords ? listOfWords : nil) { return "; write " + asSet(list) }
    // In a list it no longer stands at the option's beginning, where a text needs no quotes.
    let inside = JSONNode(content, SourcePlace(place.origin, line: place.line, column: place.column + 1))
    let elements: [String]
    if let numbers = severalNumbers ?? (ofNumbers ? dividedNumbers(count) : nil) {
      elements = numbers
    } else if count <= 8, isElement(inside) {
      if case .object = content { return "; write it in brackets, [{...}]" }
      elements = Array(repeating: shown, count: max(count, 1))
    } else {
      return ""
    }
    return "; write " + asSet("[\(elements.joined(separator: ","))]")
  }

  /// The list that stands in a text's quotes; nil where none does.
  private var listInQuotes: JSONValue? {
    guard case .string(let text) = content, let inner = try? JSONParser.parse(Array(text.utf8), origin: place.origin),
      case .array = inner.content
    else { return nil }
    return inner.value
  }

  /// The list that a text would be with square brackets and commas: `(4,32,16)`, `{4,32,16}`, `4, 32, 16`, `4;32;16`; nil
  /// where it would be none.
  var listInText: JSONValue? {
    guard case .string(let text) = content, text.contains(where: { ",;({<".contains($0) }) else { return nil }
    let list = String(
      text.map { character -> Character in
        switch character {
        case "(", "{", "<": "["
        case ")", "}", ">": "]"
        case ";": ","
        default: character
        }
      })
    for candidate in [list, "[\(list)]"] {
      guard let node = try? JSONParser.parse(Array(candidate.utf8), origin: place.origin),
        case .array(let elements) = node.content, !elements.isEmpty
      else { continue }
      return node.value
    }
    return nil
  }

  /// The same of an option's words without quotes, `site,scanner`, `(site, scanner)` or `(site)`.
  private var listOfWords: String? {
    let elements = wordsInOption?.map { word in
      let isJSON = (try? JSONParser.parse(Array(word.utf8), origin: place.origin)) != nil
      return isJSON ? word : CanonicalJSON.quoted(word)
    }
    return elements.map { "[\($0.joined(separator: ","))]" }
  }

  /// The words themselves; nil where there is one alone, without brackets.
  private var wordsInOption: [String]? {
    guard case .option = place.origin, case .string(let text) = content else { return nil }
    let inner = text.without(Self.brackets)
    let words = inner.split { ",;".contains($0) }.map { $0.without(" ") }
    guard words.count > 1 || inner != text.without(" "), !words.isEmpty,
      words.allSatisfy({ $0.wholeMatch(of: /[^(){}\[\]<>"']+/) != nil })
    else { return nil }
    return words
  }

  private static let brackets = " (){}[]<>"

  /// The whole numbers that a text lists, `1-5` or `1, 2, 5`, as JSON; nil for every other value.
  package var numbersInText: String? {
    if let range = numbersOfRange { return range }
    guard let numbers = severalNumbers, numbers.allSatisfy({ Int($0) != nil }) else { return nil }
    return "[\(numbers.joined(separator: ","))]"
  }

  /// The whole numbers from one to another, `1-5` or `1 to 5`, as JSON; nil for every other value.
  package var numbersOfRange: String? {
    guard case .string(let text) = content,
      let range = text.wholeMatch(of: /\s*([0-9]{1,6})\s*(-|\.\.+|\u{2013}|to)\s*([0-9]{1,6})\s*/),
      let first = Int(range.1), let last = Int(range.3), first < last, last - first < 100
    else { return nil }
    return "[\((first...last).map(String.init).joined(separator: ","))]"
  }

  /// The numbers of a text such as `20x64x32`, `1 2 3` or `(1 2 3)`; nil where it is none.
  private var severalNumbers: [String]? { numbers { "x×*;, ".contains($0) } }

  /// The same with other signs between, each the same: `4/32/16`, `4:32:16`, `4-32-16`. Two with a dash may be a range
  /// too, where a list is not of two.
  private func dividedNumbers(_ count: Int) -> [String]? {
    guard count == 2 || numbersOfRange == nil else { return nil }
    let signs: [Character] = ["/", ":", "|", "-", "\u{2013}"]
    return signs.lazy.compactMap { sign in numbers { $0 == sign } }.first
  }

  private func numbers(dividedBy isSign: (Character) -> Bool) -> [String]? {
    guard case .string(let text) = content else { return nil }
    let pieces = text.lowercased().without(Self.brackets).split(whereSeparator: isSign).map { $0.without(" ") }
    return pieces.count > 1 && pieces.allSatisfy(JSONNumber.isWellFormed) ? pieces : nil
  }
}

extension JSONNode {
  /// A list, where what stands in its place hints at none: ` such as [{"name": "..."}]`, with what each element must have;
  /// nothing for a value that no word stands in.
  ///
  /// - Parameters:
  ///   - schema: of its elements.
  ///   - standard: the list that holds without this one.
  ///   - mayBeOne: whether one element is enough.
  func listExample(of schema: JSONValue, _ standard: JSONValue?, mayBeOne: Bool) -> String {
    let isObject = schema["properties"] != nil
    switch content {
    case .object:
      guard case .array(let required)? = schema["required"] else { return "" }
      return " such as [{\(required.map { "\(CanonicalJSON.text($0)): \"...\"" }.joined(separator: ", "))}]"
    case .string: break
    case .bool(true) where isObject: break
    default: return ""
    }
    var example = standard.flatMap { $0.isShortExample ? $0 : nil }
    if isObject {
      let nodes = wordsInOption.map { $0.map { JSONNode(.string($0), place) } } ?? [self]
      let objects = nodes.compactMap { MeantObject($0, schema).element }
      example = objects.isEmpty ? nil : .array(objects)
    }
    if example == nil, mayBeOne, case .array(let words)? = schema["enum"] { example = .array(Array(words.prefix(1))) }
    guard let example else { return "" }
    let text = CanonicalJSON.text(example)
    return " such as \(text)" + (setting == nil ? "" : "; write \(asSet(text))")
  }
}

extension JSONValue {
  /// A list of numbers without brackets around it that are too many; nil for every other value.
  fileprivate var listOfNumbers: JSONValue? {
    guard case .array(let elements) = self else { return nil }
    if elements.count == 1, case .array = elements[0] { return elements[0].listOfNumbers }
    let areNumbers = elements.allSatisfy { element in
      switch element {
      case .number, .null: true
      default: false
      }
    }
    return areNumbers ? self : nil
  }
}

extension StringProtocol {
  /// What is left without such characters at both ends.
  fileprivate func without(_ edges: String) -> String {
    String(drop { edges.contains($0) }.reversed().drop { edges.contains($0) }.reversed())
  }
}
