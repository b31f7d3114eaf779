import Text

extension Form {
  /// One of a few words.
  package static func choice(_ cases: [Value]) -> Form where Value: RawRepresentable, Value.RawValue == String {
    let words = cases.map(\.rawValue)
    return Form(
      scalar: ["enum": .array(words.map { .string($0) })],
      accept: { input throws(Refusal) in
        guard let value = cases.first(where: { $0.rawValue == input.node.text }) else {
          throw Refusal(input.node.isNotOne(of: words))
        }
        return value
      },
      write: { .string($0.rawValue) })
  }

  package static func choice() -> Form where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    choice(Array(Value.allCases))
  }

  /// May be left out; `null` is read as absent by every object.
  ///
  /// - Parameter none: what says that there is none, as JSON; nil where nothing does, since null is for what is usual.
  package static func optional<Wrapped>(_ form: Form<Wrapped>, none: String? = "null") -> Form where Value == Wrapped? {
    Form(
      schema: { ["anyOf": [form.schema($0 ?? nil), ["type": "null"]]] },
      read: { input, starting, errors in
        let before = errors.count
        let kept: Wrapped? = starting ?? nil
        if let value = form.read(input, kept, &errors) { return .some(value) }
        // Null keeps what holds without it.
        if let none, none != "null" || kept == nil, let refusal = input.refusal(ofWordFor: form, none: none) {
          errors.replaceSubrange(before..., with: [refusal])
        }
        return nil
      },
      write: { $0.flatMap(form.write) })
  }

  /// `false` switches the whole part off; `true` or an object switches it on.
  package static func orFalse<Wrapped>(_ form: Form<Wrapped>, standard: Wrapped) -> Form where Value == Wrapped? {
    Form(
      schema: { ["anyOf": [form.schema(($0 ?? standard) ?? standard), ["type": "boolean"]]] },
      read: { input, starting, errors in
        if case .bool(let on) = input.node.content { return on ? (starting ?? standard) ?? standard : .some(nil) }
        guard case .object = input.node.content else {
          let meant = MeantObject(input.node, form.schema((starting ?? standard) ?? standard)).ofKey
          let expected = "an object, true or false"
          errors.append(
            input.error(
              .wrongType(found: input.node.shown, expected: expected + input.node.valueHint(expected) + meant)))
          return nil
        }
        return form.read(input, (starting ?? standard) ?? standard, &errors).map { .some($0) }
      },
      write: { $0.map(form.write) ?? .bool(false) })
  }

  /// A list of `count` elements.
  ///
  /// - Parameter meaning: of each, in their order, for a list of another length.
  package static func list<Element>(
    of element: Form<Element>, count: ClosedRange<Int> = 1...1000, meaning: String? = nil
  ) -> Form
  where Value == [Element] {
    let write = { (values: [Element]) in JSONValue.array(values.compactMap(element.write)) }
    let limits: JSONValue = [
      "type": "array", "items": element.schema(nil), "minItems": .number(Double(count.lowerBound)),
      "maxItems": .number(Double(count.upperBound)),
    ]
    return Form(
      schema: { standard in standard.map { limits.with([("default", write($0))]) } ?? limits },
      read: { input, starting, errors in
        guard case .array(let nodes) = input.node.content else {
          let hint = hint(for: input, element, count, meaning, starting.map(write))
          errors.append(input.error(input.wrongType("a list\(hint)")))
          return nil
        }
        if nodes.count == 1, takes(nodes[0], element, count), !takes(input.node, element, count) {
          let right = input.node.asSet(CanonicalJSON.text(nodes[0].value))
          errors.append(input.error(input.wrongType("a list in one pair of brackets; write \(right)")))
          return nil
        }
        if !count.contains(nodes.count) {
          let fault = JSONError.Fault.wrongCount(found: nodes.count, allowed: count, meaning: meaning)
          let hint = decimalHint(input.node, element, count)
          errors.append(input.error(hint.isEmpty ? fault : .broken(rule: fault.words + hint)))
          return nil
        }
        let before = errors.count
        let values = nodes.enumerated().map { element.read(Input($1, input.path / $0), nil, &errors) }
        if before < errors.count, case .outOfRange = errors[before].fault {
          let hint = decimalHint(input.node, element, count)
          if !hint.isEmpty { errors[before].fault = .broken(rule: errors[before].fault.words + hint) }
        }
        return values.contains { $0 == nil } ? nil : values.compactMap(\.self)
      },
      write: write)
  }

  /// How a list is written, after what stands in its place; else an example of one.
  private static func hint<Element>(
    for input: Input, _ element: Form<Element>, _ count: ClosedRange<Int>, _ meaning: String?, _ standard: JSONValue?
  ) -> String {
    let (node, schema) = (input.node, element.schema(nil))
    if node.isWordForNothing { return count.contains(0) ? "; write \(node.asSet("[]"))" : "" }
    let hint = node.listHint(of: count.lowerBound, schema) { takes($0, element, count) }
    if !hint.isEmpty { return hint }
    let example = node.listExample(of: schema, standard, mayBeOne: count.contains(1))
    guard example.isEmpty, count.count == 1, node.text != nil else { return example }
    return " of \(count.lowerBound)" + (meaning.map { ": \($0)" } ?? "")
  }

  /// Whether a value is such a list.
  private static func takes<Element>(
    _ node: JSONNode, _ element: Form<Element>, _ count: ClosedRange<Int>
  ) -> Bool {
    guard case .array(let nodes) = node.content, count.contains(nodes.count) else { return false }
    var mistakes: [JSONError] = []
    return nodes.allSatisfy { element.read(Input($0), nil, &mistakes) != nil } && mistakes.isEmpty
  }

  /// What is said of numbers that may be halves of decimals with commas; nothing where those may not stand here.
  private static func decimalHint<Element>(
    _ node: JSONNode, _ element: Form<Element>, _ count: ClosedRange<Int>
  ) -> String {
    guard case .array(let nodes) = node.content, element.schema(nil).isOf("number") else { return "" }
    if let list = nodes.decimalsOfCommas,
      let meant = try? JSONParser.parse(Array(list.utf8), origin: node.place.origin), takes(meant, element, count),
      case .array(let decimals) = meant.content, decimals.map(\.value).distinct.count == decimals.count
    {
      return "; decimals have a point: write \(node.asSet(list))"
    }
    return nodes.areTooManyByCommas(count) ? "; a comma divides elements, and decimals have a point, as 1.5" : ""
  }

  /// A list of `count` elements of which no two are the same.
  package static func list<Element: Equatable>(ofDistinct element: Form<Element>, count: ClosedRange<Int>) -> Form
  where Value == [Element] {
    let list = list(of: element, count: count)
    return Form(
      schema: { list.schema($0).with([("uniqueItems", true)]) },
      read: { input, starting, errors in
        guard let values = list.read(input, starting, &errors), case .array(let nodes) = input.node.content else {
          return nil
        }
        for index in values.indices where values[..<index].contains(values[index]) {
          let fault = JSONError.Fault.repeated(found: nodes[index].shown)
          let hint = decimalHint(input.node, element, count)
          errors.append(
            Input(nodes[index], input.path / index).error(hint.isEmpty ? fault : .broken(rule: fault.words + hint)))
        }
        return values
      },
      write: list.write)
  }

  /// `[from, to]` with from <= to.
  package static func span<Bound: Comparable>(of bound: Form<Bound>) -> Form where Value == ClosedRange<Bound> {
    let pair = Form<[Bound]>.list(of: bound, count: 2...2)
    return Form(
      schema: { pair.schema($0.map { [$0.lowerBound, $0.upperBound] }) },
      read: { input, _, errors in
        guard let bounds = pair.read(input, nil, &errors) else { return nil }
        guard bounds[0] <= bounds[1] else {
          errors.append(input.error(.outOfRange(found: input.node.shown, allowed: "[from, to] with from <= to")))
          return nil
        }
        return bounds[0]...bounds[1]
      },
      write: { pair.write([$0.lowerBound, $0.upperBound]) })
  }

  /// An object whose keys are the user's own; keeps their order.
  package static func dictionary<Element>(of element: Form<Element>, keys: String) -> Form
  where Value == [(String, Element)] {
    let base: JSONValue = ["type": "object", "description": .string(keys), "additionalProperties": element.schema(nil)]
    return Form(
      schema: { _ in base },
      read: { input, _, errors in
        guard case .object(let members) = input.node.content else {
          errors.append(input.error(input.wrongType("an object: " + keys)))
          return nil
        }
        return members.compactMap { member in
          element.read(Input(member.node, input.path / member.key), nil, &errors).map { (member.key, $0) }
        }
      },
      write: { .object($0.compactMap { pair in element.write(pair.1).map { (pair.0, $0) } }) })
  }
}
