import Experiments
import Foundation
import Text

/// Finished runs that an experiment asked for with seeds that it was not given now: neither a table nor a list of its runs
/// has them.
struct OtherSeeds {
  /// What must be said; nil where there are none.
  let words: String?

  init(_ known: KnownExperiment, in stored: StoredRuns) {
    let asked = Set(known.runs.map(\.directoryName))
    let strangers = stored.strangers(notIn: asked)
    let seeds = Set(known.runs.map(\.seed))
    var found: [String: (variant: String, seed: UInt64)] = [:]
    for run in known.runs {
      for name in strangers[StoredRuns.place(run.directoryName)] ?? [] where found[name] == nil {
        guard let other = stored[name], other.isFinished, !seeds.contains(other.plan.training.seed) else { continue }
        let owners = stored.experiments(of: name) + stored.formerExperiments(of: name)
        guard owners.isEmpty || owners.contains(known.specification.name) else { continue }
        var plan = other.plan
        plan.training.seed = run.plan.training.seed
        if plan == run.plan { found[name] = (run.variant, other.plan.training.seed) }
      }
    }
    guard !found.isEmpty else {
      words = nil
      return
    }
    let variants = known.runs.map(\.variant).distinct.filter { name in found.values.contains { $0.variant == name } }
    let others = Set(found.values.map(\.seed)).sorted()
    let all = seeds.union(others).sorted().map(String.init).joined(separator: ",")
    words =
      "\(found.count == 1 ? "1 finished run" : "\(found.count) finished runs") of"
      + " \(variants.prefix(5).map(\.inAList).joined(separator: ", "))\(variants.count > 5 ? " and others" : "")"
      + " \(found.count == 1 ? "is" : "are") of \(others.count == 1 ? "seed" : "the seeds")"
      + " \(others.map(String.init).joined(separator: ", ")), which this command was not given, and left out here:"
      + " --set \(ShellWord.quoted("seeds=[\(all)]")) takes \(found.count == 1 ? "it" : "them") in"
  }
}
