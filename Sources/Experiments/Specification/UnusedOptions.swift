import JSON

/// Options that say what is usual of a setting that does nothing: whoever gives one believes that it does something. In a file the
/// usual value may set back what another file says.
extension Specification {
  func unusedOptions(ofVariant index: Int) -> [SpecificationError] {
    variants[index].training.unused.compactMap { field, choice in
      guard let path = place(of: field, variant: index), isGivenByOption(path), isOfNoUse(field, at: path) else {
        return nil
      }
      return error(.unusedOption("\(field)", with: choice), at: path)
    }
  }

  /// A conflict as it is told of an option, for which the usual value would be no remedy.
  func told(_ conflict: Conflict, at path: JSONPath) -> Conflict {
    guard case .idle(let setting, let choice, _) = conflict, isGivenByOption(path) else { return conflict }
    return .unusedOption(setting, with: choice)
  }

  private func isGivenByOption(_ path: JSONPath) -> Bool {
    if case .option? = document.node(at: path)?.place.origin { true } else { false }
  }

  /// Where a field of a variant's training is written; nil where nothing says it, or a grid does.
  private func place(of field: JSONPath, variant index: Int) -> JSONPath? {
    let shared = JSONPath([.key("training")] + field.steps)
    if variants[index].source.axes.contains(where: { $0.field.steps.starts(with: shared.steps) }) { return nil }
    let own = JSONPath((variants[index].source.path ?? "variants" / index).steps + shared.steps)
    return [own, shared].first { path in
      guard let node = document.node(at: path) else { return false }
      return node.content != .null
    }
  }

  /// Whether no variant uses what is written there, and it does not set back what is said for all of them.
  private func isOfNoUse(_ field: JSONPath, at path: JSONPath) -> Bool {
    let shared = JSONPath([.key("training")] + field.steps)
    if path != shared, document.holds(shared) { return false }
    return variants.indices.allSatisfy { index in
      place(of: field, variant: index) != path || variants[index].training.unused.contains { $0.field == field }
    }
  }
}
