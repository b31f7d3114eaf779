import Foundation
import Text

/// One `--set key.path=value`.
///
/// The path's steps are separated by dots; a step that holds a dot, an equals sign or brackets stands in double quotes.
/// In a list a step is an index, `variants.0` or `variants[0]`, or an element's `name`: `variants.SAFNet`.
/// The value is JSON; a text that begins like no JSON value needs no quotes, nor do such texts in a list: `[folds,cost]`.
package struct Override: Sendable {
  package let path: [String]
  package let value: JSONNode
  private let origin: SourcePlace

  package init(_ text: String) throws(JSONError) {
    origin = SourcePlace(.option(text))
    (path, value) = try Self.split(text, origin)
  }

  private static func split(
    _ text: String, _ place: SourcePlace
  ) throws(JSONError) -> ([String], JSONNode) {
    func refuse(_ reason: String) -> JSONError {
      JSONError(.overrideForm(reason, meant: Self.withEquals(text)), at: "", place)
    }
    var steps: [String] = []
    var rest = Substring(text)
    while true {
      guard let step = takeStep(&rest) else { throw refuse("a step of the path is empty or its quote is open") }
      steps.append(step)
      guard let separator = rest.first, ".[=".contains(separator) else { throw refuse("there is no = after the path") }
      if separator != "[" { rest.removeFirst() }
      if separator == "=", text.dropLast(rest.count + 1).last == " " {
        throw refuse("a setting has no blanks around its =")
      }
      if separator == "=" { return (steps, try value(rest, steps, place)) }
    }
  }

  /// A quoted step, `[index]`, or everything up to the next dot, bracket or equals sign.
  private static func takeStep(_ rest: inout Substring) -> String? {
    guard rest.first == "\"" || rest.first == "[" else {
      let step = rest.prefix { !".[=".contains($0) }
      rest = rest[step.endIndex...]
      return step.isEmpty ? nil : String(step)
    }
    let closing: Character = rest.removeFirst() == "[" ? "]" : "\""
    guard let end = rest.firstIndex(of: closing) else { return nil }
    defer { rest = rest[rest.index(after: end)...] }
    return String(rest[..<end])
  }

  private static func value(
    _ text: Substring, _ steps: [String], _ place: SourcePlace
  ) throws(JSONError) -> JSONNode {
    do throws(JSONSyntaxError) {
      let node = try JSONParser.parse(Array(text.utf8), origin: place.origin)
      return node
    } catch {
      if let settings = place.severalSettings(\.isDotted) {
        throw JSONError(.severalSettings(settings), at: JSONPath(steps.map { .key($0) }), place)
      }
      if text.allSatisfy(\.isWhitespace) {
        let null = "--set " + ShellWord.quoted("\(text.base.dropLast(text.count))null")
        let rule = "a value should stand behind the equals sign; what holds without one is said by \(null)"
        throw JSONError(.broken(rule: rule), at: JSONPath(steps.map { .key($0) }), place)
      }
      if let list = bareList(text, place) { return list }
      // A list in other brackets, which its field is told of.
      let written = JSONNode(.string(String(text)), place)
      if written.listInText != nil || written.isListOfNumbers { return written }
      guard let first = text.first, !"{[\"".contains(first) else {
        throw JSONError(.overrideValue(error.fault), at: JSONPath(steps.map { .key($0) }), place)
      }
      if let inner = Self.inOtherQuotes(text) {
        let setting = text.base.dropLast(text.count) + inner
        throw JSONError(.overrideQuotes(setting: String(setting)), at: JSONPath(steps.map { .key($0) }), place)
      }
      return written
    }
  }

  /// A list of texts without quotes, and of what is JSON; nil for all else.
  private static func bareList(_ text: Substring, _ place: SourcePlace) -> JSONNode? {
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    // The elements do not begin the option's text.
    let inside = SourcePlace(place.origin, line: 1, column: 2)
    let parts = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    let elements = parts.compactMap { part -> JSONNode? in
      let word = part.trimmingCharacters(in: .whitespaces)
      if let value = try? JSONParser.parse(Array(word.utf8), origin: place.origin) {
        return JSONNode(value.content, inside)
      }
      // `none` may be a name.
      guard word.wholeMatch(of: /[A-Za-z_][\w .+\-\/]*/) != nil,
        word == "none" || JSONSyntaxError.Fault.better(word) == nil
      else { return nil }
      return JSONNode(.string(word), inside)
    }
    return elements.count == parts.count ? JSONNode(.array(elements), place) : nil
  }

  /// `training.epochs: 3`, as a file says it, or with blanks, with an equals sign alone; nil for what is neither.
  private static func withEquals(_ text: String) -> String? {
    text.wholeMatch(of: /\s*"?(?<path>[\w\-.\[\]]+)"?(\s*:\s*|\s+=?\s*)(?<value>\S.*)/).map { "\($0.path)=\($0.value)" }
  }

  /// What stands between single quotes, or those of a word processor, which the shell has left there; nil where none do.
  private static func inOtherQuotes(_ text: Substring) -> Substring? {
    guard text.count > 1, let first = text.first, let last = text.last else { return nil }
    let pairs: [(Character, Character)] = [
      ("'", "'"), ("\u{2018}", "\u{2019}"), ("\u{201C}", "\u{201D}"), ("\u{201E}", "\u{201C}"),
      ("\u{00AB}", "\u{00BB}"),
    ]
    return pairs.contains { $0 == (first, last) } ? text.dropFirst().dropLast() : nil
  }

  /// The text of a value that `--set` gave as a number or a word, as it was written: 2023, 3.10, 1e5, true. Nil for
  /// every other value.
  static func writtenText(of node: JSONNode) -> String? {
    // A value inside a list or an object does not begin the option's text.
    guard case .option(let option) = node.place.origin, (node.place.line, node.place.column) == (1, 1) else {
      return nil
    }
    switch node.content {
    case .number, .bool: break
    default: return nil
    }
    return valueText(of: option).map(String.init)
  }

  /// What stands behind the path and its equals sign.
  static func valueText(of option: String) -> Substring? {
    var rest = Substring(option)
    while takeStep(&rest) != nil, let separator = rest.first {
      if separator != "[" { rest.removeFirst() }
      if separator == "=" { return rest }
    }
    return nil
  }

  /// The document with this value in it; missing objects on the way are made, and judged later like any others.
  ///
  /// - Parameter owner: steps to the object that the path begins in; none: the document.
  package func applied(to document: JSONNode, in owner: [String] = []) throws(JSONError) -> JSONNode {
    try place(in: document, (owner + path)[...], JSONPath())
  }

  private func place(
    in node: JSONNode, _ steps: ArraySlice<String>, _ path: JSONPath
  ) throws(JSONError) -> JSONNode {
    guard let step = steps.first else {
      try refuseAnother(node, path)
      return value
    }
    switch node.content {
    case .array(var elements):
      let index = try find(step, in: elements, path)
      elements[index] = try place(in: elements[index], steps.dropFirst(), path / index)
      return JSONNode(.array(elements), node.place)
    case .object(var members):
      let index = members.firstIndex { $0.key == step } ?? members.endIndex
      let old = index < members.endIndex ? members[index].node : JSONNode(.object([]), origin)
      let new = JSONMember(key: step, place: origin, node: try place(in: old, steps.dropFirst(), path / step))
      members.replaceSubrange(index..<min(index + 1, members.endIndex), with: [new])
      return JSONNode(.object(members), node.place)
    case .null: return try place(in: JSONNode(.object([]), origin), steps, path)
    default: throw JSONError(.notAContainer(found: node.shown), at: path, origin)
    }
  }

  /// What an earlier option has put here, if it is not what this one says: one of the two would be lost without a word.
  private func refuseAnother(_ node: JSONNode, _ path: JSONPath) throws(JSONError) {
    guard node.value != value.value, let earlier = node.option, earlier != origin.origin else { return }
    guard case .option(let text) = earlier else { return }
    guard case .object = node.content else {
      throw JSONError(.setTwice(first: node.shown, second: value.shown), at: path, origin)
    }
    let isPart = ((try? Override(text))?.path.count ?? 0) > self.path.count
    throw JSONError(.setAround(text, isPart: isPart), at: path, origin)
  }

  private func find(
    _ step: String, in elements: [JSONNode], _ path: JSONPath
  ) throws(JSONError) -> Int {
    let names = elements.map { $0["name"]?.text }
    if let index = names.firstIndex(of: step) { return index }
    if let index = Int(step), elements.indices.contains(index) { return index }
    let named = names.compactMap(\.self)
    // Who counts is told how far, who names is told the names.
    let isNumber = Int(step) != nil
    let numbers = elements.isEmpty ? [] : ["0 to \(elements.count - 1)"]
    let known =
      named.isEmpty ? numbers : isNumber ? numbers.map { "\($0) (\(named.joined(separator: ", ")))" } : named
    let nearest = isNumber ? nil : step.nearest(in: known)
    throw JSONError(.noElement(name: step, nearest: nearest, known: known), at: path, origin)
  }
}

extension JSONNode {
  /// The option that this value, or the first part of it that is of any, was given by. An object that was only made on the way to
  /// a part is that part's.
  fileprivate var option: SourcePlace.Origin? {
    let parts =
      switch content {
      case .array(let elements): elements
      case .object(let members): members.map(\.node)
      default: [JSONNode]()
      }
    if let inner = parts.lazy.compactMap(\.option).first { return inner }
    if case .option = place.origin { return place.origin }
    return nil
  }
}
