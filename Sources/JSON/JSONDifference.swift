/// One place in which documents differ: its path, and its value in each; nil in a document that does not have it.
package struct JSONDifference: Equatable, Sendable {
  package enum Detail: Sendable {
    /// Objects are compared member by member, everything else, lists included, as one value.
    case members
    /// Down to what has no parts, in lists too: `fold.test[3]`.
    case leaves
  }

  package var path: JSONPath
  package var values: [JSONValue?]

  package init(path: JSONPath, values: [JSONValue?]) { (self.path, self.values) = (path, values) }

  /// Every place in which the documents differ, in the order of the first document that has it.
  package static func between(_ documents: [JSONValue?], _ detail: Detail) -> [JSONDifference] {
    between(documents, JSONPath(), detail)
  }

  private static func between(_ values: [JSONValue?], _ path: JSONPath, _ detail: Detail) -> [JSONDifference] {
    guard let first = values.first, !values.allSatisfy({ $0 == first }) else { return [] }
    let parts = values.map { $0?.parts(detail) }
    let whole = JSONDifference(
      path: path, values: zip(values, parts).map { $1 == nil || detail == .members ? $0 : nil })
    switch detail {
    case .members where parts.contains { $0 == nil }: return [whole]
    case .members: return inner(parts, path, detail)
    case .leaves: return (whole.values.contains { $0 != nil } ? [whole] : []) + inner(parts, path, detail)
    }
  }

  private static func inner(
    _ parts: [[(step: JSONPath.Step, value: JSONValue)]?], _ path: JSONPath, _ detail: Detail
  ) -> [JSONDifference] {
    var steps: [JSONPath.Step] = []
    for own in parts.lazy.compactMap(\.self) {
      // Hundreds of documents mostly have the same members in the same places.
      for (place, part) in own.enumerated() where !(place < steps.count && steps[place] == part.step) {
        if !steps.contains(part.step) { steps.append(part.step) }
      }
    }
    return steps.enumerated().flatMap { place, step in
      let values = parts.map { own -> JSONValue? in
        guard let own else { return nil }
        if place < own.count, own[place].step == step { return own[place].value }
        return own.first { $0.step == step }?.value
      }
      return between(values, JSONPath(path.steps + [step]), detail)
    }
  }
}

extension JSONValue {
  /// What an object, or for its leaves a list, consists of; nil for what is one value.
  fileprivate func parts(_ detail: JSONDifference.Detail) -> [(step: JSONPath.Step, value: JSONValue)]? {
    switch self {
    case .object(let members): members.map { (.key($0.0), $0.1) }
    case .array(let elements) where detail == .leaves: elements.enumerated().map { (.index($0.offset), $0.element) }
    default: nil
    }
  }
}
