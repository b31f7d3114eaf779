import Volumes

extension Specification {
  /// The structures to learn: as the experiment names them, else as the dataset does.
  ///
  /// - Throws: `SpecificationErrors` where neither names them, or both do and contradict each other.
  package func labels(of dataset: Dataset) throws(SpecificationErrors) -> LabelMap {
    var labels = try named(by: dataset)
    // What nobody has annotated must not become background because an experiment names its structures itself.
    if labels.ignore == nil, let ignore = dataset.labels?.ignore, !labels.numbers.contains(ignore) {
      labels.ignore = ignore
      let problems = labels.problems
      guard problems.isEmpty else {
        throw SpecificationErrors([error(.labelMap(problems.joined(separator: "; ")), at: "dataset.labels")])
      }
    }
    return labels
  }

  /// Numbers that the dataset names and the experiment does not learn. Where a mask holds one, all of them count as
  /// background; where none does, the plan need not know them.
  package func leftOut(of dataset: Dataset, besides labels: LabelMap) -> [Int] {
    guard case .map = self.dataset.labels else { return [] }
    return Set(dataset.ownLabels?.numbers ?? []).subtracting(labels.numbers).sorted()
  }

  /// Whether nobody says what the numbers of a dataset's masks mean, so that they have the names of its layout. A phantom's masks
  /// are made by those.
  package func takesLabelsOfLayout(of dataset: Dataset) -> Bool {
    self.dataset.labels == .automatic && self.dataset.phantom == nil && dataset.labels == nil
      && dataset.layout == .mrSpineSeg
  }

  /// Where the labels of a dataset's masks are given, as messages begin: in the experiment, or in the dataset's own file.
  package func labelsPlace(of dataset: Dataset) -> String {
    switch self.dataset.labels {
    case .map, .mrSpineSeg: field("dataset.labels")
    case .automatic, .datasetFile: dataset.labelsPlace ?? field("dataset.labels")
    }
  }

  private func named(by dataset: Dataset) throws(SpecificationErrors) -> LabelMap {
    switch self.dataset.labels {
    case .map(let map): return map
    case .mrSpineSeg:
      guard let own = dataset.labels, let names = Self.contradiction(own, .mrSpineSeg) else { return .mrSpineSeg }
      throw SpecificationErrors([
        error(.otherNames(dataset: dataset.root.path, named: names.named, taken: names.taken), at: "dataset.labels")
      ])
    case .datasetFile:
      guard let own = dataset.labels else {
        throw SpecificationErrors([error(.noLabels(dataset: dataset.root.path), at: "dataset.labels")])
      }
      return own
    case .automatic:
      if let own = dataset.ownLabels { return own }
      throw SpecificationErrors([error(.labelsNeeded(dataset: dataset.root.path), at: "dataset.labels")])
    }
  }

  /// A number that two maps take for different things, with its names; nil where they agree on all that both name, and
  /// have something in common.
  private static func contradiction(_ own: LabelMap, _ other: LabelMap) -> (named: [String], taken: [String])? {
    let pairs = own.structures.compactMap { structure -> (String, String)? in
      guard let index = other[structure.value] else { return (structure.name, "nothing") }
      guard index > 0 else { return nil }
      let name = other.structures[index - 1].name
      return name == structure.name && structure.others.isEmpty ? nil : (structure.name, name)
    }
    return pairs.isEmpty
      ? nil : (pairs.map { "\($0.0)" }, pairs.map { "\($0.1)" })
  }
}
