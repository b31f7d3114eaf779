import JSON
import Models
import Networks
import Text
import Volumes

/// What is said for all variants and changes some of them not at all: those say the field themselves, have it from their grid, or
/// are of a network that does not have it. Of an option `--set` whoever gives it is told of each of them; of a file, which may
/// have variants of their own by intent, what holds for none.
struct OptionEffects {
  private let specification: Specification
  private let form: Form<Specification>
  private let document: JSONNode
  /// Where variants are written; a grid makes several of one.
  private let written: [JSONPath]

  init(_ specification: Specification, _ networks: NetworkRegistry, _ losses: LossRegistry) {
    self.specification = specification
    form = Specification.form(networks, losses)
    document = specification.document
    written = specification.variants.compactMap(\.source.path).distinct
  }

  /// A line for each option that does not hold for every variant.
  func lines(_ options: [String]) -> [String] {
    options.compactMap { text in (try? Override(text)).flatMap { line($0, text) } }
  }

  /// A line for each value of the files that holds for no variant.
  func linesOfFiles() -> [String] {
    let shared = Self.sections.flatMap { leaves(below: [$0]) }
    return shared.compactMap { path in
      guard written.allSatisfy({ mayMiss(path, $0) }), let node = document.node(at: path),
        let value = try? Override("\(path)=\(CanonicalJSON.text(node.value))")
      else { return nil }
      let effects = written.map { (variant: $0, obstacle: obstacle(to: value, at: path, in: $0)) }
      guard effects.allSatisfy({ $0.obstacle != nil }) else { return nil }
      return JSONError.description(
        "this holds for no variant: \(reasons(effects)); take it out here, or there", at: path, node.place)
    }
  }

  private static let sections = ["model", "training", "seeds", "grid"]

  /// Paths of what the files say below one of the experiment's own sections; an object of a kind is one value, and the kind of a
  /// network is each variant's own.
  private func leaves(below steps: [String]) -> [JSONPath] {
    let path = JSONPath(steps.map { .key($0) })
    guard let node = document.node(at: path), node.content != .null else { return [] }
    if case .object(let members) = node.content, steps.count == 1 || node["kind"] == nil, steps != ["grid"] {
      return members.filter { steps != ["model"] || $0.key != "kind" }.flatMap { leaves(below: steps + [$0.key]) }
    }
    if case .option = node.place.origin { return [] }
    return [path]
  }

  /// Whether a variant says anything by which it may miss what is said for all; without it nothing has to be compared.
  private func mayMiss(_ path: JSONPath, _ variant: JSONPath) -> Bool {
    let own = document.node(at: variant)
    return isSaid(path, in: variant) || own?.node(at: "model.kind") != nil || own?["grid"] != nil
      || document.holds("grid")
  }

  private func line(_ option: Override, _ text: String) -> String? {
    let path = JSONPath(option.path.map { .key($0) })
    guard let section = option.path.first, Self.sections.contains(section),
      option.value.content != .null, document.node(at: path)?.value == option.value.value
    else { return nil }
    let effects = written.map { (variant: $0, obstacle: obstacle(to: option, at: path, in: $0)) }
    let idle = effects.filter { $0.obstacle != nil }
    if idle.isEmpty { return nil }
    let holding = effects.filter { $0.obstacle == nil }.map { name(of: $0.variant) }
    let whom = holding.isEmpty ? "no variant" : "\(DatasetNotice.shortList(holding)) only"
    let remedy = idle.first { $0.obstacle == .saidThere }.map { own in
      "; to change it there too: --set \(ShellWord.quoted("variants.\(step(to: own.variant)).\(text)"))"
    }
    return JSONError.description(
      "this holds for \(whom): \(reasons(idle))\(remedy ?? "")", at: path,
      SourcePlace(.option(text)))
  }

  private func reasons(_ idle: [(variant: JSONPath, obstacle: Obstacle?)]) -> String {
    Obstacle.allCases.compactMap { kind -> String? in
      let names = idle.filter { $0.obstacle == kind }.map { name(of: $0.variant) }
      return names.isEmpty ? nil : kind.words(DatasetNotice.shortList(names), isOne: names.count == 1)
    }.joined(separator: "; ")
  }

  /// Why an option does not reach a variant.
  private enum Obstacle: CaseIterable {
    case saidThere
    case grid
    case otherKind

    func words(_ names: String, isOne: Bool) -> String {
      switch self {
      case .saidThere: "\(names) \(isOne ? "says" : "say") it \(isOne ? "itself" : "themselves")"
      case .grid: "\(names) \(isOne ? "has" : "have") it from a grid"
      case .otherKind: "\(names) \(isOne ? "is" : "are") of another kind, which starts from its own defaults"
      }
    }
  }

  /// Nil where the variant is as if the option had been given for it alone.
  private func obstacle(to option: Override, at path: JSONPath, in variant: JSONPath) -> Obstacle? {
    let own = specification.variants.filter { $0.source.path == variant }
    let isOfGrid = own.contains { made in
      made.source.axes.contains { $0.field.steps.starts(with: path.steps) || path.steps.starts(with: $0.field.steps) }
    }
    if isOfGrid { return .grid }
    let there = JSONPath(variant.steps + path.steps)
    if case .option? = document.node(at: there)?.place.origin { return nil }
    guard case .index(let index)? = variant.steps.last else { return nil }
    guard let direct = try? option.applied(to: document, in: ["variants", "\(index)"]) else { return .saidThere }
    var mistakes: [JSONError] = []
    let read = form.read(Input(direct), nil, &mistakes)
    if mistakes.contains(where: { $0.path.steps.starts(with: variant.steps) }) { return .otherKind }
    let wanted = (read?.variants ?? []).filter { $0.source.path == variant }
    if wanted.elementsEqual(own, by: Self.areAlike) { return nil }
    return isSaid(path, in: variant) ? .saidThere : .otherKind
  }

  /// Whether the variant has the field, or some value in the place of the object that the field is of.
  private func isSaid(_ path: JSONPath, in variant: JSONPath) -> Bool {
    let own = document.node(at: variant)
    for count in path.steps.indices.map({ $0 + 1 }) {
      guard let node = own?.node(at: JSONPath(Array(path.steps.prefix(count)))) else { return false }
      if case .object = node.content { continue }
      return true
    }
    return true
  }

  /// Places, and channels that the dataset brings, are no difference.
  private static func areAlike(_ one: Variant, _ other: Variant) -> Bool {
    one.name == other.name && one.model.json == other.model.json && one.training == other.training
      && one.writtenSeeds == other.writtenSeeds
  }

  private func name(of variant: JSONPath) -> String { document.node(at: variant / "name")?.text ?? "\(variant)" }

  /// As a step of an option's path names it.
  private func step(to variant: JSONPath) -> String {
    let name = name(of: variant)
    guard name.contains(where: { ".[=\"".contains($0) }) else { return name }
    guard name.contains("\""), case .index(let index)? = variant.steps.last else { return "\"\(name)\"" }
    return "\(index)"
  }
}
