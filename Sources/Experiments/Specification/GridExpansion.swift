import JSON
import Models
import Networks
import Text

/// Variants from a variant and its grid.
struct GridExpansion {
  /// Of a table's rows, and of combinations.
  static let most = 1000

  private let changes: Form<Variant>

  init(_ networks: NetworkRegistry, _ losses: LossRegistry) {
    changes = .record("Changes", Specification().blankVariant, Variant.sections(networks, losses))
  }

  /// The variant with each combination of its grid's values, checked as if each had been written out; itself where it has
  /// no grid. A mistake is said once, not for each combination.
  func variants(of written: Variant, _ errors: inout [JSONError]) -> [Variant] {
    guard let grid = written.grid else { return [written] }
    let found = mistakes(written, grid)
    guard found.isEmpty else {
      errors += found.filter { !errors.contains($0) }
      return [written]
    }
    var mistakes: [JSONError] = []
    let labels = FieldLabel.labels(of: grid.axes.map(\.field))
    let variants = grid.combinations.compactMap { values -> Variant? in
      let patch = zip(grid.axes, values).reduce(JSONNode(.object([]), grid.place)) { $0.merged(with: $1.0.patch($1.1)) }
      var variant = changes.read(Input(patch, grid.path), written, &mistakes)
      let settings = zip(labels, values).map { "\($0) \(FieldLabel.text($1.value))" }
      variant?.name = ([written.name] + settings).joined(separator: ", ")
      variant?.source.axes = grid.axes
      variant?.grid = nil
      return variant
    }
    mistakes.forEach { if !errors.contains($0) { errors.append($0) } }
    return variants.isEmpty ? [written] : variants
  }

  /// What is wrong with the grid of this variant as a whole: too many combinations, or a field that is none.
  private func mistakes(_ variant: Variant, _ grid: Grid) -> [JSONError] {
    guard grid.count <= Self.most else {
      let rule = "\(grid.count) combinations of values, more than the \(Self.most) variants that there may be"
      return [JSONError(.broken(rule: rule), at: grid.path, grid.place)]
    }
    let written = changes.write(variant)
    return grid.axes.compactMap { axis in
      refusal(of: axis.field, written).map { JSONError(.broken(rule: $0), at: axis.path, axis.place) }
    }
  }

  /// Why the field is no leaf; nil also for one that is unknown, which its form says better.
  private func refusal(of field: JSONPath, _ variant: JSONValue?) -> String? {
    var value = variant
    for (number, step) in field.steps.enumerated() {
      guard case .key(let key) = step, let own = value else { return nil }
      switch own {
      case .object: value = own[key]
      // A loss is its name or an object.
      case .string: return nil
      default: return "\(JSONPath(Array(field.steps[..<number]))) has no fields of its own"
      }
    }
    guard case .object(let members)? = value, !members.contains(where: { $0.0 == "kind" }) else { return nil }
    let names = members.map { "\(field / $0.0)" }
    return "\(field) is not one field but has \(names.count): take \(names.quotedList)"
  }
}

extension Grid {
  /// How many combinations there are; the largest number, where there are more.
  fileprivate var count: Int {
    axes.reduce(1) { count, axis in
      let (product, overflow) = count.multipliedReportingOverflow(by: axis.values.count)
      return overflow ? .max : product
    }
  }

  /// One value for each axis; the last axis changes fastest.
  fileprivate var combinations: [[JSONNode]] {
    axes.reduce([[]]) { lists, axis in lists.flatMap { list in axis.values.map { list + [$0] } } }
  }
}

extension Grid.Axis {
  /// `{"training": {"learningRate": value}}`, every key where the field's name stands.
  fileprivate func patch(_ value: JSONNode) -> JSONNode {
    field.steps.reversed().reduce(value) { inner, step in
      guard case .key(let key) = step else { return inner }
      return JSONNode(.object([JSONMember(key: key, place: place, node: inner)]), place)
    }
  }
}
