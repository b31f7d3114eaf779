import Experiments
import Text

/// The part of a status that is asked for: `--only`, `--folds`, `--seeds`.
package struct StatusSelection {
  private let selection: RunSelection
  /// Nil without an experiment: the names are those of the shown runs.
  package let variants: Set<String>?

  /// - Parameter specification: nil where every run of the workspace is shown.
  /// - Throws: `UsageError` for a pattern or a seed that nothing of the experiment matches.
  package init(_ selection: RunSelection, _ specification: Specification?) throws(UsageError) {
    self.selection = selection
    guard let specification else {
      variants = nil
      return
    }
    variants = try selection.checked(with: specification).variants
  }

  /// - Throws: `UsageError` for a variant or a fold that none of the runs is of.
  package func chosen(from all: [RunStatus]) throws(UsageError) -> [RunStatus] {
    guard selection != RunSelection() else { return all }
    let names = all.compactMap(\.variant).distinct
    let variants: Set<String>
    if let known = self.variants { variants = known } else { variants = try shown(among: names, of: all.count) }
    let folds = Set(all.compactMap(\.fold))
    if !folds.isEmpty, let stranger = selection.folds?.first(where: { !folds.contains($0) }) {
      throw .unknownFold(number: stranger, known: folds.max() ?? 0)
    }
    let chosen = all.filter { status in
      // A method that was imported has neither.
      (selection.only.isEmpty || status.variant.map(variants.contains) == true)
        && selection.folds.map { folds in status.fold.map(folds.contains) == true } ?? true
        && selection.seeds.map { seeds in status.seed.map(seeds.contains) == true } ?? true
    }
    guard !chosen.isEmpty || (all.isEmpty && self.variants != nil) else {
      throw .nothingShown(options: selection.options, runs: all.count)
    }
    return chosen
  }

  /// Without an experiment only what was begun has a variant.
  private func shown(among names: [String], of runs: Int) throws(UsageError) -> Set<String> {
    do throws(UsageError) {
      return Set(try selection.variants(among: names))
    } catch {
      guard runs > 0, case .unknownVariant(let option, let name, let nearest, let known) = error else {
        throw .nothingShown(options: selection.options, runs: runs)
      }
      throw .noRunOfVariant(option: option, name: name, nearest: nearest, known: known)
    }
  }
}
