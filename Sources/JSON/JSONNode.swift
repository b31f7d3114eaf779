import Text

/// A parsed JSON value that remembers where it was written; objects keep their order.
package struct JSONNode: Equatable, Sendable {
  package enum Content: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONNode])
    case object([JSONMember])
  }

  package var content: Content
  package var place: SourcePlace

  package init(_ content: Content, _ place: SourcePlace) {
    (self.content, self.place) = (content, place)
  }

  /// The same value without its places.
  package var value: JSONValue {
    switch content {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .number(let number): .number(number)
    case .string(let text): .string(text)
    case .array(let elements): .array(elements.map(\.value))
    case .object(let members): .object(members.map { ($0.key, $0.node.value) })
    }
  }

  /// The value as a message shows it: short, and never a page long.
  package var shown: String {
    switch content {
    case .array(let elements) where elements.count > 8: "a list of \(elements.count)"
    case .object: "an object"
    default: CanonicalJSON.text(value).shortened(to: 60)
    }
  }

  package subscript(key: String) -> JSONNode? {
    guard case .object(let members) = content else { return nil }
    return members.first { $0.key == key }?.node
  }
}

package struct JSONMember: Equatable, Sendable {
  package var key: String
  /// Of the key, not of the value.
  package var place: SourcePlace
  package var node: JSONNode

  package init(key: String, place: SourcePlace, node: JSONNode) {
    (self.key, self.place, self.node) = (key, place, node)
  }
}

extension JSONNode {
  /// Where the value at `path` was written; of an absent one, where its nearest parent was.
  package func place(of path: JSONPath) -> SourcePlace {
    var node = self
    for step in path.steps {
      guard let inner = node[step] else { break }
      node = inner
    }
    return node.place
  }

  /// What stands at `path`; nil where nothing does.
  package func node(at path: JSONPath) -> JSONNode? {
    var node: JSONNode? = self
    for step in path.steps { node = node?[step] }
    return node
  }

  /// Whether anything stands at `path`.
  package func holds(_ path: JSONPath) -> Bool { node(at: path) != nil }

  private subscript(step: JSONPath.Step) -> JSONNode? {
    switch (step, content) {
    case (.key(let key), _): self[key]
    case (.index(let index), .array(let elements)) where elements.indices.contains(index): elements[index]
    case (.index, _): nil
    }
  }
}

extension JSONNode {
  /// How a list is written, after a value that could be its element, or an option that gave its elements without brackets.
  ///
  /// - Parameters:
  ///   - count: how many elements it has at least.
  ///   - isElement: whether such a value may be one of them.
  package func listHint(of count: Int, _ isElement: (JSONNode) -> Bool) -> String {
    if let list = listInQuotes { return "; the quotes make a text of it: write " + asSet(list) }
    if let list = listInText ?? wordsInOption { return "; write " + asSet(list) }
    // In a list it no longer stands at the option's beginning, where a text needs no quotes.
    let inside = JSONNode(content, SourcePlace(place.origin, line: place.line, column: place.column + 1))
    let elements: [String]
    if let numbers = severalNumbers {
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
  private var listInQuotes: String? {
    guard case .string(let text) = content, let inner = try? JSONParser.parse(Array(text.utf8), origin: place.origin),
      case .array = inner.content
    else { return nil }
    return CanonicalJSON.text(inner.value)
  }

  /// The list that a text would be with square brackets and commas: `(4,32,16)`, `{4,32,16}`, `4, 32, 16`, `4;32;16`; nil
  /// where it would be none.
  var listInText: String? {
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
      return CanonicalJSON.text(node.value)
    }
    return nil
  }

  /// The same of an option's words without quotes, `site,scanner` or `(site, scanner)`.
  private var wordsInOption: String? {
    guard case .option = place.origin, case .string(let text) = content else { return nil }
    let pieces = text.without(Self.brackets).split { ",;".contains($0) }.map { $0.without(" ") }
    guard pieces.count > 1, pieces.allSatisfy({ $0.wholeMatch(of: /[^(){}\[\]<>"']+/) != nil }) else { return nil }
    let elements = pieces.map { piece in
      let isJSON = (try? JSONParser.parse(Array(piece.utf8), origin: place.origin)) != nil
      return isJSON ? piece : CanonicalJSON.quoted(piece)
    }
    return "[\(elements.joined(separator: ","))]"
  }

  private static let brackets = " (){}[]<>"

  /// Another value in this one's place: the option that gives it, where an option gave this one.
  private func asSet(_ value: String) -> String {
    setting.map { "--set \(ShellWord.quoted("\($0.path)=\(value)"))" } ?? value
  }

  /// Of an option that gave this value, its path and the value's text, of which another option is made; nil for every other value.
  package var setting: (path: String, value: String)? {
    guard case .option(let text) = place.origin, (place.line, place.column) == (1, 1),
      let value = Override.valueText(of: text)
    else { return nil }
    return (String(text.dropLast(value.count + 1)), String(value))
  }

  /// What a text was meant for: a number with a decimal comma, a switch as other programs write it.
  ///
  /// - Parameter expected: in words.
  func valueHint(_ expected: String) -> String {
    guard case .string(let text) = content else { return "" }
    if expected.hasSuffix("number"), text.wholeMatch(of: /-?[0-9]+,[0-9]+/) != nil {
      return "; decimals have a point: write \(text.replacing(",", with: "."))"
    }
    guard expected.hasSuffix("true or false") else { return "" }
    let meanings = [("true", ["true", "yes", "on"]), ("false", ["false", "no", "off", "none"])]
    return meanings.first { $1.contains(text.lowercased()) }.map { "; write \($0.0)" } ?? ""
  }

  /// The whole numbers that a text lists, `1-5` or `1, 2, 5`, as JSON; nil for every other value.
  package var numbersInText: String? {
    guard case .string(let text) = content else { return nil }
    if let range = text.wholeMatch(of: /\s*([0-9]{1,6})\s*(-|\.\.+|\u{2013}|to)\s*([0-9]{1,6})\s*/),
      let first = Int(range.1),
      let last = Int(range.3), first < last, last - first < 100
    {
      return "[\((first...last).map(String.init).joined(separator: ","))]"
    }
    guard let numbers = severalNumbers, numbers.allSatisfy({ Int($0) != nil }) else { return nil }
    return "[\(numbers.joined(separator: ","))]"
  }

  /// The numbers of a text such as `20x64x32`, `1 2 3` or `(1 2 3)`; nil where it is none.
  private var severalNumbers: [String]? {
    guard case .string(let text) = content else { return nil }
    let pieces = text.lowercased().without(Self.brackets).split { "x×*;, ".contains($0) }.map(String.init)
    return pieces.count > 1 && pieces.allSatisfy(JSONNumber.isWellFormed) ? pieces : nil
  }
}

extension StringProtocol {
  /// What is left without such characters at both ends.
  fileprivate func without(_ edges: String) -> String {
    String(drop { edges.contains($0) }.reversed().drop { edges.contains($0) }.reversed())
  }
}
