import Text

/// What is said behind "expected an object" of a bare word or number: what it was meant for, else how one is written.
struct MeantObject {
  private typealias Key = (name: String, schema: JSONValue)

  private let node: JSONNode
  private let keys: [Key]
  private let required: [String]

  /// - Parameters:
  ///   - node: what stands in the object's place.
  ///   - schema: of the object; what is not said of it is not advised.
  init(_ node: JSONNode, _ schema: JSONValue = .null) {
    self.node = node
    let keys = (schema["properties"] ?? .null).members(except: "").map { (name: $0.0, schema: $0.1) }
    let required = schema["required"]?.elements ?? []
    self.keys = keys
    self.required = keys.map(\.name).filter { required.contains(.string($0)) }
  }

  var words: String {
    // Who wants nothing is not told what is usual.
    if node.isWordForNothing { return "" }
    return switch node.content {
    case .string(let text): said(of: text)
    case .number: usual(keys.first { $0.schema.isOf("integer", "number") && $0.schema["default"] != nil })
    default: node.setting == nil ? "" : usual()
    }
  }

  /// ` such as {"loss":"dice"}`, and how an option says so.
  ///
  /// - Parameter way: keys, from the object on.
  func example(_ way: [String], _ value: JSONValue) -> String {
    let own = way.dropFirst().reversed().reduce(value) { JSONValue.object([($1, $0)]) }
    let others = required.filter { $0 != way[0] }.map { ($0, JSONValue.string("...")) }
    return " such as " + CanonicalJSON.text(.object([(way[0], own)] + others))
      + (option(way, value).map { "; write \($0)" } ?? "")
  }

  /// How an option sets the key that its word is; nothing where it is none, or stands in a file.
  var ofKey: String {
    guard let key = node.text?.nearest(in: keys.map(\.name)), let option = option([key], "VALUE") else { return "" }
    return "; its key \(key) is set by \(option)"
  }

  /// The object that a word is meant for, as an element of a list; nil where none is known.
  var element: JSONValue? {
    let word = node.value
    if let key = keys.first(where: { $0.schema.allows(word) })?.name { return .object([(key, word)]) }
    if let ofName { return ofName }
    guard !required.isEmpty else {
      return keys.first { $0.schema.isOf("boolean") }.map { .object([($0.name, .bool(true))]) }
    }
    let isName = node.text.map { (1...Self.longest).contains($0.count) } == true
    var members = required.map { ($0, JSONValue.string("...")) }
    if isName { members[0].1 = word }
    if let key = keys.first(where: { $0.schema.kinds.contains(word) }) {
      members.append((key.name, JSONValue.object([("kind", word)])))
    }
    return .object(members)
  }

  /// The object with the key that its word is; nil where it is none, or nothing is known that the key may have.
  private var ofName: JSONValue? {
    keys.first { $0.name == node.text }.flatMap { key in key.schema.firstWord.map { .object([(key.name, $0)]) } }
  }

  // MARK: Words

  /// Longer texts are no words.
  private static let longest = 60

  private func said(of text: String) -> String {
    guard (1...Self.longest).contains(text.count) else { return usual() }
    let word = JSONValue.string(text)
    if let key = keys.first(where: { $0.schema.allows(word) })?.name { return example([key], word) }
    let names = keys.map(\.name)
    if !names.contains(text) {
      if let key = keys.first(where: { $0.schema.kinds.contains(word) })?.name { return example([key, "kind"], word) }
      if let main = keys.first, main.schema.isOf("string"), !isKnownName(main.name) {
        return example([main.name], word)
      }
    }
    guard let key = text.nearest(in: names) else { return usual() }
    guard node.setting == nil else { return ofKey }
    return " such as " + (ofName.map { CanonicalJSON.text($0) } ?? "{\(CanonicalJSON.quoted(key)): ...}")
  }

  /// Whether a key is the name by which an option has found the object: nobody gives it another there.
  private func isKnownName(_ key: String) -> Bool { key == "name" && node.setting != nil }

  // MARK: What is usual

  /// A key and a value of it, where nothing is known of what was meant.
  private func usual(_ key: Key? = nil) -> String {
    guard let (way, value) = key.flatMap({ key in key.schema["default"].map { ([key.name], $0) } }) ?? usualWay else {
      return ""
    }
    return option(way, value).map { "; a key of it is set so: \($0)" } ?? example(way, value)
  }

  private var usualWay: ([String], JSONValue)? {
    if let name = required.first(where: { !isKnownName($0) }) {
      return ([name], .string(node.setting == nil ? "..." : "VALUE"))
    }
    for key in keys {
      if let kind = key.schema["const"] { return ([key.name], kind) }
      if let value = key.schema["default"], value.isShortExample { return ([key.name], value) }
    }
    for key in keys {
      if let kind = key.schema.kinds.first { return ([key.name, "kind"], kind) }
    }
    return nil
  }

  /// The option that sets one key of the object that this one gave; nil where a file gave it.
  private func option(_ way: [String], _ value: JSONValue) -> String? {
    guard let (path, given) = node.setting else { return nil }
    let text = value == node.value ? given : value.textOfOption
    return "--set " + ShellWord.quoted("\(([path] + way).joined(separator: "."))=\(text)")
  }
}

extension JSONValue {
  fileprivate var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// Of a schema, what it may be one by one.
  private var alternatives: [JSONValue] {
    self["anyOf"]?.elements.map { $0.flatMap(\.alternatives) } ?? [self]
  }

  /// Whether a schema is of one of these types, or may be null beside.
  func isOf(_ types: JSONValue...) -> Bool {
    let others = alternatives.filter { $0["type"] != "null" }
    return others.count == 1 && types.contains(others[0]["type"] ?? .null)
  }

  /// Whether a schema names this word among those that it allows.
  fileprivate func allows(_ word: JSONValue) -> Bool {
    alternatives.contains { $0["enum"]?.elements?.contains(word) == true }
  }

  /// True, or the first of the words that a schema allows; nil where it allows other things.
  fileprivate var firstWord: JSONValue? {
    isOf("boolean") ? .bool(true) : alternatives.lazy.compactMap { $0["enum"]?.elements?.first }.first
  }

  /// The kinds of object that a schema tells apart.
  fileprivate var kinds: [JSONValue] {
    alternatives.compactMap { $0["properties"]?["kind"] }.flatMap { kind in
      kind["const"].map { [$0] } ?? kind["enum"]?.elements ?? []
    }
  }

  /// Whether it says something, and is short enough to be shown.
  var isShortExample: Bool {
    switch self {
    case .null, .object: false
    case .string(let text): !text.isEmpty
    case .array(let elements): (1...4).contains(elements.count)
    default: true
    }
  }

  /// As it stands behind an option's equals sign, where a word needs no quotes.
  fileprivate var textOfOption: String {
    if case .string(let text) = self { text } else { CanonicalJSON.text(self) }
  }
}
