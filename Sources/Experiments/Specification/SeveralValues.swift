import JSON
import Text

extension JSONError {
  /// Of several values for a field of a variant that takes one: with the grid that tries them in turn.
  var askingForGrid: JSONError {
    let isOfVariant = path.steps.first == .key("variants") && path.steps.count > 1
    let field = JSONPath(isOfVariant ? Array(path.steps.dropFirst(2)) : path.steps)
    guard field.steps.count > 1, let section = field.steps.first, let list = several,
      section == .key("training") || section == .key("model")
    else { return self }
    let isSeed = field == "training.seed"
    let member = isSeed ? #""seeds": \#(list)"# : #""grid": {"\#(field)": \#(list)}"#
    var way = "\(member) beside \(isOfVariant ? "the variant's name" : "\"name\"")"
    if case .option(let text)? = place?.origin, let sign = text.firstIndex(of: "="),
      text[..<sign].hasSuffix(field.description)
    {
      let owner = text[..<sign].dropLast(field.description.count)
      way = "write --set \(ShellWord.quoted("\(owner)\(isSeed ? "seeds" : "grid.\(field)")=\(list)"))"
    }
    var hint = "; several are tried by \(isSeed ? "seeds" : "a grid"): \(way)"
    if field == "model.features" {
      hint = "; those of each stage are not given: they double from this one on, up to model.mostFeatures"
    }
    var error = self
    if case .wrongType(let found, let expected) = fault {
      error.fault = .wrongType(found: found, expected: expected + hint)
    } else {
      error.fault = .broken(rule: fault.words + hint)
    }
    return error
  }

  /// The values as a list: what stands in one already, or with commas between in a text; nil of anything else.
  private var several: String? {
    switch fault {
    // Where a hint stands already, one number was meant.
    case .wrongType(let found, let expected) where !expected.contains("list") && !expected.contains("decimals have"):
      guard let node = Self.json(found) else { return nil }
      if let text = node.text { return expected.hasSuffix("number") ? Self.list(of: text) { _ in false } : nil }
      guard case .array(let values) = node.content, values.count > 1, values.allSatisfy(\.isScalar),
        values.map(\.value).distinct.count == values.count
      else { return nil }
      return CanonicalJSON.text(node.value)
    case .notOneOf(let text, let allowed, _): return Self.list(of: text, allowed.contains)
    default: return nil
    }
  }

  private static func list(of text: String, _ isAllowed: (String) -> Bool) -> String? {
    let pieces = text.split { " ,;()[]".contains($0) }.map(String.init)
    let values = pieces.compactMap { piece -> String? in
      if isAllowed(piece) { return CanonicalJSON.quoted(piece) }
      return if case .number? = json(piece)?.content { piece } else { nil }
    }
    return values.count > 1 && values.distinct.count == pieces.count ? "[\(values.joined(separator: ","))]" : nil
  }

  private static func json(_ text: String) -> JSONNode? {
    try? JSONParser.parse(Array(text.utf8), origin: .option(text))
  }
}

extension JSONNode {
  fileprivate var isScalar: Bool {
    switch content {
    case .array, .object, .null: false
    default: true
    }
  }
}
