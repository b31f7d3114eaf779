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

  /// The selection as it is for this experiment, before any image is read.
  ///
  /// - Throws: `UsageError` for a pattern that no variant's name matches, a seed that no variant has, or where nothing
  ///   is left.
  package func checked(with specification: Specification) throws(UsageError) -> Checked {
    let names = specification.variants.map(\.name)
    var chosen: Set<String> = []
    for text in only {
      // A name that is written out means itself, whatever signs it has.
      let pattern = names.contains(text) ? NamePattern(literal: text) : NamePattern(text)
      let matching = names.filter(pattern.matches)
      guard !matching.isEmpty else {
        throw .unknownVariant(
          option: "--only", name: text,
          nearest: pattern.words.nearest(in: names) ?? names.first { $0.hasPrefix(pattern.words) },
          known: names)
      }
      chosen.formUnion(matching)
    }
    let variants = only.isEmpty ? Set(names) : chosen
    try checkSeeds(specification, variants)
    return Checked(selection: self, variants: variants)
  }

  private func checkSeeds(_ specification: Specification, _ variants: Set<String>) throws(UsageError) {
    guard let seeds else { return }
    let known = specification.seededVariants.map(\.seed).reduce(into: [UInt64]()) {
      if !$0.contains($1) { $0.append($1) }
    }
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

  /// "6 of 45 runs are asked for: 2 of 5 variants (A, B), folds 1, 3 of 5, seed 2024 of 3 seeds"; nil: all of them.
  package func words(chosen: [PlannedRun], of plan: ExperimentPlan) -> String? {
    let all = plan.distinctRuns
    guard chosen.count < all.count else { return nil }
    let names = plan.specification.variants.map(\.name).filter(variants.contains)
    let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", ..." : "")
    let seeds = Set(all.map(\.seed)).count
    let parts = [
      selection.only.isEmpty ? nil : "\(names.count) of \(plan.specification.variants.count) variants (\(shown))",
      selection.folds.map {
        "folds \(Set($0).sorted().map(String.init).joined(separator: ", ")) of \(plan.folds.count)"
      },
      selection.seeds.map { "seeds \($0.map(String.init).joined(separator: ", ")) of \(seeds)" },
    ]
    return "\(chosen.count) of \(all.count) runs are asked for: "
      + parts.compactMap(\.self).joined(separator: "; ") + "."
  }
}
