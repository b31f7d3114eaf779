import JSON

/// Where single values are mistaken. In their place stand defaults, and what would only follow from those is not said: one
/// cause, one message.
struct MistakenValues {
  private let errors: [(path: JSONPath, isUnknownKey: Bool)]

  init(_ errors: [SpecificationError]) {
    self.errors = errors.map { error in
      switch error.fault {
      case .document(.missingKey(let key, _)): (error.path / key, false)
      // It may be any key of its object, misspelt.
      case .document(.unknownKey): (error.path, true)
      default: (error.path, false)
      }
    }
  }

  /// Whether anything in one of these fields of the document is mistaken.
  func touch(_ fields: String...) -> Bool {
    errors.contains { error in fields.contains { error.path.steps.first == .key($0) } }
  }

  /// Whether anything in a section of the experiment is mistaken, in what all variants share or in this one's own.
  ///
  /// - Parameter variant: where it stands.
  func touch(_ section: String, ofVariantAt variant: JSONPath) -> Bool {
    touch(section, "grid")
      || errors.contains { error in
        let steps = error.path.steps
        return steps.starts(with: (variant / section).steps) || steps.starts(with: (variant / "grid").steps)
          // The variant as a whole, or all of them.
          || variant.steps.starts(with: steps)
      }
  }

  /// Whether a field of such a section cannot be relied on: it is mistaken, or what holds it, or a key beside it is unknown.
  func hide(_ field: String, of section: String, ofVariantAt variant: JSONPath) -> Bool {
    [JSONPath([.key(section)]), variant / section].contains { hide($0 / field) } || touch("grid")
  }

  private func hide(_ field: JSONPath) -> Bool {
    errors.contains { error in
      error.path.steps.starts(with: field.steps) || field.steps.starts(with: error.path.steps)
        || (error.isUnknownKey && error.path.steps.dropLast() == field.steps.dropLast())
    }
  }
}
