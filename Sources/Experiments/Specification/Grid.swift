import JSON
import Text

/// Several values for each of some fields: a variant for every combination of them.
package struct Grid: Equatable, Sendable {
  /// One field and the values that it takes in turn.
  package struct Axis: Equatable, Sendable {
    /// From the variant on: `training.learningRate`.
    package let field: JSONPath
    /// Where its values stand in the document.
    package let path: JSONPath
    /// Of the field's name in the grid.
    let place: SourcePlace
    /// At least one, no two the same, none of them null.
    let values: [JSONNode]
  }

  /// In the order in which they are written; the last one changes fastest.
  package let axes: [Axis]
  /// Where the grid stands in the document.
  let path: JSONPath
  let place: SourcePlace
}

extension Grid {
  /// An object of fields and lists: `{ "model.width": [32, 64] }`, or `{ "model": { "width": [32, 64] } }`.
  static var form: Form<Grid?> {
    Form(
      schema: { _ in schema },
      read: { input, starting, errors in
        guard case .object(let members) = input.node.content else {
          // In a file null is no grid, and the option takes away what the file says: neither takes away that of all
          // variants from one.
          let isNothing = input.node.isWordForNothing && starting.flatMap { $0 } == nil
          let out = input.node.setting == nil ? "leave the field out" : "write \(input.node.asSet("null"))"
          let hint = isNothing ? "; \(out)" : ""
          errors.append(input.error(input.wrongType("an object of fields and lists of values\(hint)")))
          return nil
        }
        guard !members.isEmpty else {
          errors.append(input.error(.broken(rule: "an empty grid makes no variants; name a field and its values")))
          return nil
        }
        // What is sound of it is looked at beside what is mistaken.
        let axes = axes(members, JSONPath(), input, &errors)
        return axes.isEmpty ? nil : Grid(axes: axes, path: input.path, place: input.node.place)
      },
      // A grid is used up when its variants are made.
      write: { _ in nil })
  }

  private static let schema: JSONValue = [
    "type": "object", "minProperties": 1,
    "additionalProperties": [
      "anyOf": [["type": "array", "minItems": 1, "uniqueItems": true], ["type": "object", "minProperties": 1]]
    ],
  ]

  private static func axes(
    _ members: [JSONMember], _ prefix: JSONPath, _ parent: Input, _ errors: inout [JSONError]
  ) -> [Axis] {
    var axes: [Axis] = []
    for member in members {
      let field = JSONPath(prefix.steps + member.key.split(separator: ".").map { .key(String($0)) })
      let input = Input(member.node, parent.path / member.key)
      let found: [Axis]
      if case .object(let inner) = member.node.content, !inner.isEmpty {
        found = self.axes(inner, field, input, &errors)
      } else {
        found = axis(field, member, input, &errors).map { [$0] } ?? []
      }
      for axis in found {
        if axes.contains(where: { $0.field == axis.field }) {
          errors.append(JSONError(.repeated(found: "\(axis.field)"), at: axis.path, axis.place))
        } else {
          axes.append(axis)
        }
      }
    }
    return axes
  }

  private static func axis(
    _ field: JSONPath, _ member: JSONMember, _ input: Input, _ errors: inout [JSONError]
  ) -> Axis? {
    if let rule = refusal(of: field) {
      errors.append(JSONError(.broken(rule: rule), at: input.path, member.place))
      return nil
    }
    guard case .array(let values) = member.node.content else {
      errors.append(input.error(input.wrongType("a list of values\(hint(member.node))")))
      return nil
    }
    guard !values.isEmpty else {
      errors.append(input.error(.wrongCount(found: 0, allowed: 1...1000)))
      return nil
    }
    let before = errors.count
    for (index, value) in values.enumerated() {
      let own = Input(value, input.path / index)
      if value.content == .null { errors.append(own.error(own.wrongType("a value"))) }
      if values[..<index].contains(where: { $0.value == value.value }) {
        errors.append(own.error(.repeated(found: value.shown)))
      }
    }
    return errors.count > before ? nil : Axis(field: field, path: input.path, place: member.place, values: values)
  }

  /// How its list is written; of a text that is a number, as that.
  private static func hint(_ node: JSONNode) -> String {
    if let text = node.text, let number = try? JSONParser.parse(Array(text.utf8), origin: node.place.origin),
      case .number = number.content
    {
      return "; write \(node.asSet("[\(text)]"))"
    }
    // Of two values the first is hardly 0, nor does the second begin with one.
    if let text = node.text, text.wholeMatch(of: /0,[0-9]+|[0-9]+,0[0-9]*([eE][+\-]?[0-9]+)?/) != nil {
      return "; decimals have a point: write \(node.asSet("[\(text.replacing(",", with: "."))]"))"
    }
    return node.listHint(of: 1) { list in
      guard case .array(let values) = list.content else { return false }
      return values.allSatisfy { if case .object = $0.content { false } else { $0.content != .null } }
    }
  }

  /// Why a field is none that variants can differ in; nil for one of `model` or `training`, which the variant judges.
  private static func refusal(of field: JSONPath) -> String? {
    let shared = ["dataset", "preprocessing", "augmentation", "folds", "report"]
    let name = "\(field)"
    switch field.steps.first {
    case .key("model"), .key("training"):
      if name == "training.seed" { return "seeds are no part of a grid; write \"seeds\" beside it" }
      return field.steps.count > 1 ? nil : "\(name) is not one field but has many; name them: \(name).width"
    case .key("seeds"), .key("seed"): return "seeds are no part of a grid; write \"seeds\" beside it"
    case .key("name"), .key("title"): return "variants of a grid take their names from its values"
    case .key("variants"): return "a grid changes all variants; write it into the one that it is for"
    case .key(let key) where shared.contains(key):
      return "\(key) is the same for all variants; a grid is over fields of model and training"
    default:
      let known = field.steps.last.flatMap { step in
        if case .key(let key) = step { KeyPlaces().of(key).first } else { nil }
      }
      let hint = known ?? name.nearest(in: TrainingPlan.fields().map { "training.\($0.name)" } + ["model.width"])
      return "no field of model or training\(hint.hint)"
    }
  }
}
