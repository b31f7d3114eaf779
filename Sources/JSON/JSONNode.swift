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
  /// Whether it is a number written with a point and three zeros, `1.000`, by which some mean a thousand.
  var mayBeThousands = false
  /// As it is written, of a number right behind a digit and a comma, as decimals of many languages are.
  var digitsBehindComma: String?

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
  /// Another value in this one's place: the option that gives it, where an option gave this one.
  package func asSet(_ value: String) -> String {
    setting.map { "--set \(ShellWord.quoted("\($0.path)=\(value)"))" } ?? value
  }

  /// Of an option that gave this value, its path and the value's text, of which another option is made; nil for every other value.
  package var setting: (path: String, value: String)? {
    guard case .option(let text) = place.origin, (place.line, place.column) == (1, 1),
      let value = Override.valueText(of: text)
    else { return nil }
    return (String(text.dropLast(value.count + 1)), String(value))
  }

  /// What a value was meant for: a number with a decimal comma or with signs between its thousands, a switch as other
  /// programs write it.
  ///
  /// - Parameters:
  ///   - expected: in words.
  ///   - isAllowed: whether such a number may stand here.
  func valueHint(_ expected: String, _ isAllowed: (Double) -> Bool = { _ in true }) -> String {
    if expected.hasSuffix("true or false"), case .number(let number) = content, [0, 1].contains(number) {
      return "; write \(number == 1)"
    }
    if expected.hasSuffix("a number"), let decimal = decimalInList, Double(decimal).map(isAllowed) == true {
      return "; decimals have a point: write \(decimal)"
    }
    guard case .string(let text) = content else { return "" }
    if expected.hasSuffix("number") { return numberHint(text, isWhole: expected.hasSuffix("whole number"), isAllowed) }
    guard expected.hasSuffix("true or false") else { return "" }
    if isWordForNothing { return "; write false" }
    return ["true", "yes", "on"].contains(text.lowercased()) ? "; write true" : ""
  }

  private func numberHint(_ text: String, isWhole: Bool, _ isAllowed: (Double) -> Bool) -> String {
    func allowed(_ number: String?) -> String? {
      number.flatMap { JSONNumber.isWellFormed($0) && Double($0).map(isAllowed) == true ? $0 : nil }
    }
    let whole = allowed(withoutThousandsSigns)
    let isDecimal = !isWhole && text.wholeMatch(of: /-?[0-9]+,[0-9]+([eE][+\-]?[0-9]+)?/) != nil
    switch (whole, isDecimal ? allowed(text.replacing(",", with: ".")) : nil) {
    case (nil, nil):
      let other = JSONNumber.isWellFormed(text) ? nil : allowed(JSONNumber.wellFormed(text))
      return other.map { "; write \($0)" } ?? ""
    case (let whole?, nil): return "; digits stand without signs between: write \(whole)"
    case (nil, let decimal?): return "; decimals have a point: write \(decimal)"
    case (let whole?, let decimal?):
      return "; digits stand without signs between, \(whole), and decimals have a point, \(decimal)"
    }
  }

  /// The number that `[1,0e-4]` is with a decimal point; nil where the second number may be one of its own.
  private var decimalInList: String? {
    guard case .array(let elements) = content, elements.count == 2, elements[1].digitsBehindComma?.first == "0" else {
      return nil
    }
    return elements.decimalsOfCommas.map { String($0.dropFirst().dropLast()) }
  }

  /// `1,000`, `1 000 000`, `1_000` or `1'000` without the signs between thousands; nil for every other value.
  private var withoutThousandsSigns: String? {
    guard let text, text.wholeMatch(of: /-?[1-9][0-9]{0,2}([,_ '][0-9]{3})+/) != nil else { return nil }
    return text.filter { !",_ '".contains($0) }
  }

  /// Whether it says that there is nothing, as other programs have it: `none`, `off`, `false`.
  package var isWordForNothing: Bool {
    if case .bool(false) = content { return true }
    return text.map { Self.wordsForNothing.contains($0.lowercased()) } ?? false
  }

  private static let wordsForNothing: Set = [
    "", "none", "off", "no", "nil", "null", "nothing", "false", "disable", "disabled", "n/a",
  ]
}

extension [JSONNode] {
  /// A list's elements with each two joined that a comma alone divides, as decimals of many languages are: `[1.5,2.5]` of
  /// `[1,5,2,5]`; nil where not all are such.
  package var decimalsOfCommas: String? {
    guard count > 1, count.isMultiple(of: 2) else { return nil }
    let decimals = stride(from: 0, to: count, by: 2).compactMap { index -> String? in
      guard case .number(let whole) = self[index].content, let number = Int(exactly: whole), number >= 0,
        let digits = self[index + 1].digitsBehindComma, JSONNumber.isWellFormed("\(number).\(digits)")
      else { return nil }
      return "\(number).\(digits)"
    }
    return 2 * decimals.count == count ? "[\(decimals.joined(separator: ","))]" : nil
  }

  /// Whether so many of them are too many for a list because decimals in it have commas.
  func areTooManyByCommas(_ count: ClosedRange<Int>) -> Bool {
    let pieces = filter { $0.digitsBehindComma != nil }.count
    let fewest = self.count - Swift.min(pieces, self.count / 2)
    return self.count > count.upperBound && fewest <= count.upperBound
      && allSatisfy { if case .number(let number) = $0.content { number == number.rounded() } else { false } }
  }
}
