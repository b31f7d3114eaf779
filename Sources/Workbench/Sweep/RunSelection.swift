import Experiments
import Text

/// The part of an experiment that is asked for: `--only`, `--folds`, `--seeds`.
package struct RunSelection: Equatable, Sendable {
  /// Patterns of variants' names (``NamePattern``); empty: all variants.
  package var only: [String] = []
  /// Numbers of folds; nil: all.
  package var folds: [Int]?
  /// Seeds of the training; nil: all.
  package var seeds: [UInt64]?

  /// Everything.
  package init() {}

  /// As they were typed: `--only A --folds 1`.
  var options: String {
    let lists = [("folds", folds.map { $0.map(String.init) }), ("seeds", seeds.map { $0.map(String.init) })]
    return
      (only.map { "--only \($0)" }
      + lists.compactMap { name, list in list.map { "--\(name) \($0.joined(separator: ","))" } })
      .joined(separator: " ")
  }

  /// The selection as it is for this experiment, before any image is read.
  ///
  /// - Throws: `UsageError` for a pattern that no variant's name matches, a seed that no variant has, or where nothing
  ///   is left.
  package func checked(with specification: Specification) throws(UsageError) -> Checked {
    let variants = try Set(self.variants(among: specification.variants.map(\.name)))
    try checkSeeds(specification, variants)
    return Checked(selection: self, variants: variants)
  }

  /// Those of the names that are asked for, in their order. One pattern may be several with commas between, as numbers of
  /// folds are; a name that is written out means itself, whatever signs it has.
  func variants(among names: [String]) throws(UsageError) -> [String] {
    guard !only.isEmpty else { return names }
    var chosen: Set<String> = []
    for text in only {
      if let matching = Self.matching(text, names) {
        chosen.formUnion(matching)
        continue
      }
      for part in text.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) where !part.isEmpty {
        guard let matching = Self.matching(part, names) else {
          let words = NamePattern(part).words
          throw .unknownVariant(
            option: "--only", name: part,
            nearest: words.nearest(in: names) ?? names.first { $0.hasPrefix(words) }, known: names)
        }
        chosen.formUnion(matching)
      }
    }
    guard !chosen.isEmpty else {
      throw .unknownVariant(option: "--only", name: only.joined(separator: " "), nearest: nil, known: names)
    }
    return names.filter(chosen.contains)
  }

  /// Nil where there is none.
  private static func matching(_ text: String, _ names: [String]) -> [String]? {
    let pattern = names.contains(text) ? NamePattern(literal: text) : NamePattern(text)
    let matching = names.filter(pattern.matches)
    return matching.isEmpty ? nil : matching
  }

  private func checkSeeds(_ specification: Specification, _ variants: Set<String>) throws(UsageError) {
    guard let seeds else { return }
    let known = specification.seededVariants.map(\.seed).distinct
    if let stranger = seeds.first(where: { !known.contains($0) }) { throw .unknownSeed(stranger, known: known) }
    let own = specification.variants.filter { variants.contains($0.name) }.flatMap(\.seeds)
    if Set(own).isDisjoint(with: seeds) { throw .nothingSelected(seeds: seeds, variants: variants.sorted()) }
  }

  /// A selection whose patterns and seeds exist.
  package struct Checked: Equatable, Sendable {
    fileprivate let selection: RunSelection
    /// The names of the variants that are asked for.
    package let variants: Set<String>
  }
}

extension RunSelection.Checked {
  /// The runs to train, each once, in the order of the sweep.
  ///
  /// - Throws: `UsageError` for a fold that the experiment does not have.
  package func runs(of plan: ExperimentPlan) throws(UsageError) -> [PlannedRun] {
    let folds = plan.folds.map(\.number)
    if let stranger = selection.folds?.first(where: { !folds.contains($0) }) {
      throw .unknownFold(number: stranger, known: folds.count)
    }
    return plan.distinctRuns.filter { run in
      variants.contains(run.variant) && selection.folds?.contains(run.fold) ?? true
        && selection.seeds?.contains(run.seed) ?? true
    }
  }

  /// The experiment with nothing but the variants and seeds that are asked for. Which folds are is said by `folds(of:)`.
  package func part(of specification: Specification) -> Specification {
    var part = specification
    part.variants = specification.variants.compactMap { variant in
      guard variants.contains(variant.name) else { return nil }
      guard let wanted = selection.seeds else { return variant }
      var variant = variant
      variant.writtenSeeds = variant.seeds.filter(wanted.contains)
      return variant.seeds.isEmpty ? nil : variant
    }
    return part
  }

  /// Of folds that are numbered from 1 on, those that are asked for.
  ///
  /// - Throws: `UsageError` for a fold that the experiment does not have.
  package func folds<Fold>(of all: [Fold]) throws(UsageError) -> [Fold] {
    guard let wanted = selection.folds else { return all }
    if let stranger = wanted.first(where: { !(1...max(1, all.count)).contains($0) }) {
      throw .unknownFold(number: stranger, known: all.count)
    }
    return zip(1..., all).filter { wanted.contains($0.0) }.map(\.1)
  }

  /// "A part of the experiment: 2 of 5 variants (A, B); folds 1, 3"; nil: all of it.
  package func words(of specification: Specification) -> String? {
    let parts = [
      selection.only.isEmpty ? nil : variantWords(specification),
      selection.folds.map { "folds \(Set($0).sorted().map(String.init).joined(separator: ", "))" },
      selection.seeds.map { "seeds \($0.map(String.init).joined(separator: ", "))" },
    ].compactMap(\.self)
    return parts.isEmpty ? nil : "A part of the experiment: " + parts.joined(separator: "; ") + "."
  }

  private func variantWords(_ specification: Specification) -> String {
    let names = specification.variants.map(\.name).filter(variants.contains)
    let shown = names.prefix(5).map(\.inAList).joined(separator: ", ") + (names.count > 5 ? ", ..." : "")
    return "\(names.count) of \(Quantity.of(specification.variants.count, "variant")) (\(shown))"
  }

  /// "6 of 45 runs are asked for: 2 of 5 variants (A, B), folds 1, 3 of 5, seed 2024 of 3 seeds"; nil: all of them.
  package func words(chosen: [PlannedRun], of plan: ExperimentPlan) -> String? {
    let all = plan.distinctRuns
    guard chosen.count < all.count else { return nil }
    let seeds = Set(all.map(\.seed)).count
    let parts = [
      selection.only.isEmpty ? nil : variantWords(plan.specification),
      selection.folds.map {
        "folds \(Set($0).sorted().map(String.init).joined(separator: ", ")) of \(plan.folds.count)"
      },
      selection.seeds.map { "seeds \($0.map(String.init).joined(separator: ", ")) of \(seeds)" },
    ]
    return "\(chosen.count) of \(all.count) runs are asked for: "
      + parts.compactMap(\.self).joined(separator: "; ") + "."
  }
}
