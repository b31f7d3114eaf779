/// In which fields the plan of a run differs from other shown runs' plans, by their paths; JSON.
///
/// A dictionary to whoever reads or writes it. Ten thousand runs have the same names, which are kept once.
package struct RunFields: Sendable {
  /// Of this run or of others that are shown.
  package private(set) var names: [String]
  /// Nil: the plan does not have the field.
  private var texts: [String?]

  package init(names: [String], texts: [String?]) { (self.names, self.texts) = (names, texts) }

  package var isEmpty: Bool { texts.allSatisfy { $0 == nil } }

  package subscript(name: String) -> String? { names.firstIndex(of: name).flatMap { texts[$0] } }

  /// The different texts that runs have of a field, nil among them where one does not have it. What has no plan, as an imported
  /// method, differs in nothing.
  package static func values(of name: String, in runs: [RunFields?]) -> Set<String?> {
    var (values, last): (Set<String?>, String??) = ([], nil)
    for place in runs.indices {
      guard let run = runs[place] else { continue }
      // The run before mostly has the same one.
      let value = run[name]
      if last != .some(value) { values.insert(value) }
      last = .some(value)
    }
    return values
  }

  /// Only these.
  package func only(_ shown: Set<String>) -> RunFields {
    let places = names.indices.filter { shown.contains(names[$0]) }
    return RunFields(names: places.map { names[$0] }, texts: places.map { texts[$0] })
  }

  private var values: [String: String] {
    Dictionary(zip(names, texts).compactMap { name, text in text.map { (name, $0) } }, uniquingKeysWith: { $1 })
  }
}

extension RunFields: Equatable {
  package static func == (a: RunFields, b: RunFields) -> Bool {
    a.names == b.names ? a.texts == b.texts : a.values == b.values
  }
}

extension RunFields: Codable {
  package init(from decoder: any Decoder) throws {
    let values = try [String: String](from: decoder).sorted { $0.key < $1.key }
    self.init(names: values.map(\.key), texts: values.map(\.value))
  }

  package func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}
