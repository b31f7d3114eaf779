import Text

extension Form where Value == Int {
  /// - Parameter counted: of what it is the number, where others write a share of them.
  package static func integer(_ range: ClosedRange<Int>, of counted: String? = nil) -> Form {
    let limit = range.upperBound == .max ? [] : [("maximum", JSONValue.number(Double(range.upperBound)))]
    let words = limit.isEmpty ? "at least \(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    return Form(
      scalar: .object([("type", "integer"), ("minimum", .number(Double(range.lowerBound)))] + limit),
      accept: { input throws(Refusal) in
        // A number too long for a double came as a text from `--set`.
        if case .option = input.node.place.origin, let text = input.node.text, JSONNumber.isWellFormed(text),
          let number = Double(text), number.magnitude > 0x1.fffffffffffffp52
        {
          throw Refusal(.outOfRange(found: text.shortened(to: 60), allowed: words))
        }
        guard case .number(let number) = input.node.content, let value = Int(exactly: number) else {
          if let counted, case .number(let share) = input.node.content, 0 < share, share < 1 {
            let expected = "a whole number of \(counted), and no share of them (such as \(max(2, range.lowerBound)))"
            throw Refusal(.wrongType(found: input.node.shown, expected: expected))
          }
          throw Refusal(input.wrongType("a whole number") { Int(exactly: $0).map(range.contains) ?? false })
        }
        guard range.contains(value) else { throw Refusal(.outOfRange(found: input.node.shown, allowed: words)) }
        if input.node.mayBeThousands, range.contains(1000 * value) {
          let (one, thousands) = (input.node.asSet("\(value)"), input.node.asSet("\(value)000"))
          let expected = "a whole number without a point; write \(one) or \(thousands), as is meant"
          throw Refusal(.wrongType(found: "\(value).000", expected: expected))
        }
        return value
      },
      write: { .number(Double($0)) })
  }
}

extension Form where Value == UInt64 {
  /// Up to 2^53 - 1, which every JSON reader keeps exactly.
  package static var seed: Form { Form<Int>.integer(0...0x1F_FFFF_FFFF_FFFF).map({ UInt64($0) }, { Int($0) }) }
}

/// Numbers between two bounds, each of which may be missing, or itself excluded.
package struct Interval {
  package var lower: Double?
  package var upper: Double?
  package var excludesLower = false
  package var excludesUpper = false

  package init(lower: Double? = nil, upper: Double? = nil, excludesLower: Bool = false, excludesUpper: Bool = false) {
    (self.lower, self.upper) = (lower, upper)
    (self.excludesLower, self.excludesUpper) = (excludesLower, excludesUpper)
  }

  package static func from(_ lower: Double, to upper: Double) -> Interval { Interval(lower: lower, upper: upper) }
  package static func atLeast(_ lower: Double) -> Interval { Interval(lower: lower) }
  package static func above(_ lower: Double) -> Interval { Interval(lower: lower, excludesLower: true) }
  package static func from(_ lower: Double, below upper: Double) -> Interval {
    Interval(lower: lower, upper: upper, excludesUpper: true)
  }

  package func contains(_ value: Double) -> Bool {
    if let lower, excludesLower ? value <= lower : value < lower { return false }
    if let upper, excludesUpper ? value >= upper : value > upper { return false }
    return true
  }

  var words: String {
    let low = lower.map { (excludesLower ? "above " : "at least ") + CanonicalJSON.text($0) }
    let high = upper.map { (excludesUpper ? "below " : "at most ") + CanonicalJSON.text($0) }
    return [low, high].compactMap(\.self).joined(separator: " and ")
  }

  var schema: [(String, JSONValue)] {
    let low = lower.map { (excludesLower ? "exclusiveMinimum" : "minimum", JSONValue.number($0)) }
    let high = upper.map { (excludesUpper ? "exclusiveMaximum" : "maximum", JSONValue.number($0)) }
    return [low, high].compactMap(\.self)
  }
}

extension Form where Value == Double {
  package static func number(_ interval: Interval) -> Form {
    Form(
      scalar: .object([("type", "number")] + interval.schema),
      accept: { input throws(Refusal) in
        guard case .number(let value) = input.node.content else {
          throw Refusal(input.wrongType("a number", interval.contains))
        }
        guard interval.contains(value) else {
          throw Refusal(.outOfRange(found: input.node.shown, allowed: interval.words))
        }
        return value
      },
      write: { .number($0) })
  }
}

extension Form where Value == Bool {
  package static var flag: Form {
    Form(
      scalar: ["type": "boolean"],
      accept: { input throws(Refusal) in
        guard case .bool(let flag) = input.node.content else { throw Refusal(input.wrongType("true or false")) }
        return flag
      },
      write: { .bool($0) })
  }
}

extension Form where Value == String {
  /// Some text that is not blank.
  package static var text: Form {
    Form(
      scalar: ["type": "string", "pattern": "\\S"],
      accept: { input throws(Refusal) in
        guard let text = input.text else { throw Refusal(input.wrongType(input.node.wantedText("a text"))) }
        guard !text.allSatisfy(\.isWhitespace) else { throw Refusal(.emptyText) }
        return text
      },
      write: { .string($0) })
  }
}

extension Input {
  /// A text, or what `--set` gave for one without quotes: `--set dataset.path=2023`.
  package var text: String? { node.text ?? Override.writtenText(of: node) }
}

extension JSONNode {
  /// What should stand here, and how to write it where only the quotes are missing.
  package func wantedText(_ kind: String) -> String {
    switch content {
    case .number, .bool: "\(kind): write it in double quotes, \"\(shown)\""
    default: kind
    }
  }
}
