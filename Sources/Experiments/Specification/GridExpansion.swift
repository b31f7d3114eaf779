import JSON
import Models
import Networks
import Text
import Volumes

/// Variants from a variant and its grid.
struct GridExpansion {
  /// Of a table's rows, and of combinations.
  static let most = 1000

  private let changes: Form<Variant>
  private let networks: NetworkRegistry
  private let losses: LossRegistry
  /// All that are written.
  private let all: [Variant]

  init(_ all: [Variant], _ networks: NetworkRegistry, _ losses: LossRegistry) {
    (self.all, self.networks, self.losses) = (all, networks, losses)
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
    let told = mistakes.map { whole(namingDecimals($0, written, grid), grid) }
    told.forEach { if !errors.contains($0) { errors.append($0) } }
    return variants.isEmpty ? [written] : variants
  }

  /// A number that may not stand there as half of a decimal with a comma, `[0,5]`, where the decimals may.
  private func namingDecimals(_ error: JSONError, _ written: Variant, _ grid: Grid) -> JSONError {
    guard case .outOfRange = error.fault, let place = error.place,
      let axis = grid.axes.first(where: { $0.values.contains { $0.place == place } }),
      let list = axis.values.decimalsOfCommas,
      case .array(let decimals)? = (try? JSONParser.parse(Array(list.utf8), origin: place.origin))?.content
    else { return error }
    var mistakes: [JSONError] = []
    for decimal in decimals { _ = changes.read(Input(axis.patch(decimal)), written, &mistakes) }
    guard mistakes.isEmpty else { return error }
    return JSONError(.broken(rule: error.fault.words + "; decimals have a point: write \(list)"), at: error.path, place)
  }

  /// The mistake in the name of a field that the grid has by its whole path: told by whole paths too, as it is to be
  /// written there.
  private func whole(_ error: JSONError, _ grid: Grid) -> JSONError {
    let axis = grid.axes.first { $0.place == error.place && $0.path.steps.count == grid.path.steps.count + 1 }
    guard let axis, error.path.steps.count == grid.path.steps.count + axis.field.steps.count else { return error }
    let told = KeyPlaces(networks, losses).told(JSONError(error.fault, at: axis.field, error.place))
    guard case .unknownKey(let nearest, let known) = told.fault else { return error }
    let owner = JSONPath(Array(axis.field.steps.dropLast()))
    let fields = known.map { "\(owner / $0)" }
    let fault = JSONError.Fault.unknownKey(
      nearest: nearest.map { known.contains($0) ? "\(owner / $0)" : $0 }, known: fields)
    return JSONError(fault, at: axis.path, error.place)
  }

  /// What is wrong with the grid of this variant as a whole: too many combinations, or a field that is none.
  private func mistakes(_ variant: Variant, _ grid: Grid) -> [JSONError] {
    guard grid.count <= Self.most else {
      let rule = "\(grid.count) combinations of values, more than the \(Self.most) variants that there may be"
      return [JSONError(.broken(rule: rule), at: grid.path, grid.place)]
    }
    let written = changes.write(variant)
    return grid.axes.compactMap { axis in
      (refusal(of: axis.field, written) ?? lack(of: axis, in: grid)).map {
        JSONError(.broken(rule: $0), at: axis.path, axis.place)
      }
    }
  }

  /// That the networks of some of the variants that have this grid lack a field of it, and where the grid belongs; nil where all
  /// or none have it.
  private func lack(of axis: Grid.Axis, in grid: Grid) -> String? {
    guard axis.field.steps.first == .key("model"), axis.field.steps.count > 1 else { return nil }
    let owners = all.filter { $0.grid?.path == grid.path }
    let lacking = owners.filter { lacks(axis, $0) }
    let having = owners.filter { one in !lacking.contains(one) }
    guard !lacking.isEmpty, let first = having.first, let path = first.source.path else { return nil }
    let field = "\(JSONPath(Array(axis.field.steps.dropFirst())))"
    let own = CanonicalJSON.text(.object(grid.axes.map { ("\($0.field)", .array($0.values.map(\.value))) }))
    let whole =
      if case .option = grid.place.origin {
        "as --set \(ShellWord.quoted("\(path).grid=\(own)")) does for \(first.name)"
      } else {
        "as \"grid\": \(own) beside its name"
      }
    return
      "\(DatasetNotice.shortList(lacking.map { "\($0.name) (\($0.model.kind))" })) \(lacking.count == 1 ? "has" : "have") no"
      + " \(field); write the grid into the \(having.count == 1 ? "variant" : "variants")"
      + " \(DatasetNotice.shortList(having.map(\.name))), \(whole)"
  }

  /// Whether a variant's network does not know a field.
  private func lacks(_ axis: Grid.Axis, _ variant: Variant) -> Bool {
    var mistakes: [JSONError] = []
    _ = changes.read(Input(axis.patch(axis.values[0])), variant, &mistakes)
    return mistakes.contains { if case .unknownKey = $0.fault { true } else { false } }
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
