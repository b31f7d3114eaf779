import Text

extension JSONNode {
  /// How a list is written, after a value that could be its element, or an option that gave its elements without
  /// brackets; nothing where no such list may stand here.
  ///
  /// - Parameters:
  ///   - count: how many elements it has at least.
  ///   - schema: of its elements; null where they may be anything.
  ///   - takes: whether such a list may stand here.
  package func listHint(of count: Int, _ schema: JSONValue = .null, _ takes: (JSONNode) -> Bool) -> String {
    let ofNumbers = schema.isOf("integer", "number")
    func taken(_ list: String?) -> String? {
      guard let list, var node = try? JSONParser.parse(Array(list.utf8), origin: place.origin) else { return nil }
      while !takes(node) {
        // Brackets around one list are one too many.
        guard case .array(let elements) = node.content, elements.count == 1 else { return nil }
        node = elements[0]
      }
      return CanonicalJSON.text(node.value)
    }
    if let list = taken(listInQuotes) { return "; the quotes make a text of it: write " + asSet(list) }
    if ofNumbers, let pieces = piecesWithCommas {
      let own = taken(Self.list(pieces, areWhole: schema.isOf("integer")))
      let plain = pieces.count == 1 ? taken(listInText) ?? taken(listText(pieces)) : nil
      if let own, let plain { return "; of several numbers it is \(plain), of one \(own)" }
      return (own ?? plain).map { "; write " + asSet($0) } ?? ""
    }
    if case .object = content {
      return count <= 1 && takes(JSONNode(.array([self]), place)) ? "; write it in brackets, [{...}]" : ""
    }
    let ofWords = !ofNumbers && schema["properties"] == nil
    let lists = [listInText, ofWords ? listOfWords : nil] + listsOfNumbers(count, isAny: schema == .null)
    let alone = count <= 8 ? listText(Array(repeating: CanonicalJSON.text(value), count: max(count, 1))) : nil
    for list in lists + [alone] {
      if let list = taken(list) { return "; write " + asSet(list) }
    }
    return ""
  }

  private func listText(_ elements: [String]) -> String { "[\(elements.joined(separator: ","))]" }

  /// The list that stands in a text's quotes; nil where none does.
  private var listInQuotes: String? {
    guard case .string(let text) = content, let inner = try? JSONParser.parse(Array(text.utf8), origin: place.origin),
      case .array = inner.content
    else { return nil }
    return text
  }

  /// The list that a text would be with square brackets and commas: `(4,32,16)`, `{4,32,16}`, `4, 32, 16`, `4;32;16`; nil
  /// where it would be none.
  var listInText: String? {
    guard case .string(let text) = content, text.contains(where: { ",;({<".contains($0) }) else { return nil }
    let list = String(
      text.replacing(/^(tuple|list|array|np\.array|torch\.Size)(?=[(\[])/, with: "").map { character -> Character in
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
      return candidate
    }
    return nil
  }

  /// The same of an option's words without quotes, `site,scanner`, `(site, scanner)` or `(site)`.
  private var listOfWords: String? {
    let elements = wordsInOption?.map { word in
      let isJSON = (try? JSONParser.parse(Array(word.utf8), origin: place.origin)) != nil
      return isJSON ? word : CanonicalJSON.quoted(word)
    }
    return elements.map(listText)
  }

  /// The words themselves; nil where there is one alone, without brackets.
  private var wordsInOption: [String]? {
    guard case .option = place.origin, case .string(let text) = content else { return nil }
    let inner = text.without(Self.brackets)
    let words = inner.split { ",;".contains($0) }.map { $0.without(" \"'") }
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
    return listText(numbers)
  }

  /// The whole numbers from one to another, `1-5` or `1 to 5`, as JSON; nil for every other value.
  package var numbersOfRange: String? {
    guard case .string(let text) = content,
      let range = text.wholeMatch(of: /[\s\[(]*([0-9]{1,6})\s*(-|\.\.+|\u{2013}|to)\s*([0-9]{1,6})[\s\])]*/),
      let first = Int(range.1), let last = Int(range.3), first < last, last - first < 100
    else { return nil }
    return listText((first...last).map(String.init))
  }

  /// Whether a text in brackets is numbers with other signs between, or a range of them: `[4x32x16]`, `[1-5]`.
  var isListOfNumbers: Bool { numbersOfRange != nil || numbers(dividedBy: { "x×*".contains($0) }) != nil }

  /// The numbers of a text such as `20x64x32`, `1 2 3` or `(1 2 3)`; nil where it is none.
  private var severalNumbers: [String]? { numbers { "x×*;, ".contains($0) } }

  /// The same as lists, and with other signs between, each the same: `4/32/16`, `4:32:16`, `4-32-16`. Two with a dash
  /// may be a range too, where a list is not of two; a point or a low line may stand within one number.
  ///
  /// - Parameter isAny: whether an element may be anything, a text with such signs too.
  private func listsOfNumbers(_ count: Int, isAny: Bool) -> [String?] {
    let isRange = count != 2 && numbersOfRange != nil
    let within: [Character] = count > 2 ? ["_", "."] : []
    let signs: [Character] = isAny || isRange ? [] : ["/", ":", "|", "-", "\u{2013}"] + within
    return [severalNumbers.map(listText)] + signs.map { sign in numbers { $0 == sign }.map(listText) }
  }

  /// What other signs divide of a text in which commas may stand within numbers, `1,5;2` or `2,023`; nil where none do.
  private var piecesWithCommas: [String]? {
    guard case .string(let text) = content else { return nil }
    let pieces = text.lowercased().without(Self.brackets).split { ";x×*/| ".contains($0) }.map(String.init)
    let areNumbers = pieces.allSatisfy { $0.wholeMatch(of: /-?[0-9]+(,[0-9]+)*/) != nil }
    return areNumbers && pieces.contains { $0.contains(",") } ? pieces : nil
  }

  /// Those numbers, their commas being signs between thousands where they are whole, decimals' where they are not; nil
  /// where they cannot be, or may be either.
  private static func list(_ pieces: [String], areWhole: Bool) -> String? {
    let commas = pieces.filter { $0.contains(",") }
    let thousands = commas.filter { $0.wholeMatch(of: /-?[1-9][0-9]{0,2}(,[0-9]{3})+/) != nil }
    let areDecimals = thousands.isEmpty && commas.allSatisfy { $0.split(separator: ",").count == 2 }
    guard areWhole ? thousands == commas : areDecimals else { return nil }
    return "[\(pieces.map { $0.replacing(",", with: areWhole ? "" : ".") }.joined(separator: ","))]"
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
    // Who gave numbers is not told others.
    case .string(let text): if schema.isOf("integer", "number"), text.contains(where: \.isNumber) { return "" }
    case .bool(true) where isObject: break
    default: return ""
    }
    var example = standard.flatMap { $0.isShortExample ? $0 : nil }
    if isObject {
      let nodes = wordsInOption.map { $0.map { JSONNode(.string($0), place) } } ?? [self]
      let objects = nodes.compactMap { MeantObject($0, schema).element }
      example = objects.isEmpty ? nil : .array(objects)
    }
    if example == nil, mayBeOne, case .array(let words)? = schema["enum"] {
      let names = words.compactMap { if case .string(let name) = $0 { name } else { nil } }
      example = (text?.nearest(in: names) ?? names.first).map { .array([.string($0)]) }
    }
    guard let example else { return "" }
    let text = CanonicalJSON.text(example)
    return " such as \(text)" + (setting == nil ? "" : "; write \(asSet(text))")
  }
}

extension StringProtocol {
  /// What is left without such characters at both ends.
  fileprivate func without(_ edges: String) -> String {
    String(drop { edges.contains($0) }.reversed().drop { edges.contains($0) }.reversed())
  }
}
