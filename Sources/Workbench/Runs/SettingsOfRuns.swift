import Experiments
import Foundation

/// With which `--set` runs were begun that an experiment does not ask for without.
struct SettingsOfRuns {
  private let specification: Specification
  /// By the options: many runs have the same.
  private var known: [[String]: (changed: Specification, variants: [SeededVariant])] = [:]

  init(_ specification: Specification) { self.specification = specification }

  /// Those of the options that make the run another one than the experiment's; empty where something else does.
  ///
  /// - Parameters:
  ///   - options: of the command that began it.
  ///   - differences: between it and what is asked for in its place.
  mutating func changing(_ plan: Plan, begunWith options: [String], _ differences: [PlanDifference]) -> [String] {
    let missing = options.filter { !specification.options.contains($0) && UnheardOption($0, by: .networks) == nil }
    // Whatever path it takes, through variants, folds or seeds: the file and the options together make the run.
    if !missing.isEmpty, makes(plan, options) { return missing }
    return missing.filter { option in
      let path = String(option.prefix { $0 != "=" })
      return differences.contains { $0.path == path || $0.path.hasPrefix(path + ".") }
    }
  }

  private mutating func makes(_ plan: Plan, _ options: [String]) -> Bool {
    if known[options] == nil, let file = specification.file,
      let changed = try? Specification.load(file, overrides: options, workingDirectory: specification.workingDirectory)
    {
      known[options] = (changed, changed.seededVariants)
    }
    return known[options].map { $0.changed.seededVariant(of: plan, among: $0.variants) != nil } ?? false
  }
}
