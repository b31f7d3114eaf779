import Experiments
import Foundation
import Text

/// Runs that an experiment asked for with other options or before it was changed, where what it asks for now has finished,
/// too: neither a table nor a list of its runs has them. Of those in the place of what has not finished `PlanChanges` tells.
struct FurtherRuns {
  /// What must be said, a sentence for each way in which they came about; empty where there are none.
  let words: [String]

  private struct Run {
    let variant: String
    let state: String
    let cause: String
    /// The options that show it; nil where none do.
    let options: String?
  }

  init(_ known: KnownExperiment, in stored: StoredRuns) {
    let others = stored.unrelated(to: known.specification)
    let all = Set(known.runs.map(\.directoryName))
    let strangers = stored.strangers(notIn: all)
    var settings = SettingsOfRuns(known.specification)
    var found: [String: Run] = [:]
    for asked in known.runs where stored.isFinished(asked.directoryName) {
      let neighbours = stored.neighbours(of: asked, of: known.specification.name, among: strangers, notIn: all)
      for name in neighbours where found[name] == nil {
        guard !others.contains(name), let run = stored[name], let state = run.begunState,
          stored.isInPlace(run, of: asked, of: known.specification.name), !run.isSameButSeed(asked)
        else { continue }
        let differences = differences(between: run.plan, and: asked.plan)
        let owner = RunOwner.of(run, differences, stored, known.specification, &settings)
        guard let (cause, options) = Self.cause(owner, differences, known.specification) else { continue }
        found[name] = Run(variant: asked.variant, state: state, cause: cause, options: options)
      }
    }
    let runs = found.sorted { $0.key < $1.key }.map(\.value)
    words = runs.map(\.cause).distinct.map { cause in Self.words(runs.filter { $0.cause == cause }, known) }
  }

  /// How it came about, and the options that show it; nil where the experiment never asked for it.
  private static func cause(
    _ owner: RunOwner, _ differences: [PlanDifference], _ specification: Specification
  ) -> (cause: String, options: String?)? {
    switch owner {
    case .options(let options): return ("as \(options) changes it, which this command was not given", options)
    case .content, .plan:
      let before = specification.options.isEmpty ? "as it was before" : "without this --set, or as it was before"
      return ("\(before) (was and is: \(PlanChanges.words(differences, content: "")))", nil)
    case .experiment, .namesake, .nobody: return nil
    }
  }

  private static func words(_ runs: [Run], _ known: KnownExperiment) -> String {
    let variants = known.runs.map(\.variant).distinct.filter { name in runs.contains { $0.variant == name } }
    let states = runs.map(\.state).distinct.map { state in "\(runs.count { $0.state == state }) \(state)" }
    let count = runs.count == 1 ? "1 further run" : "\(runs.count) further runs"
    let (they, them) = runs.count == 1 ? ("is", "it") : ("are", "them")
    let name = known.specification.name
    let remedy =
      runs[0].options.map { "the same command with \($0) shows \(them)" }
      ?? "`safnet runs list --experiment \(ShellWord.quoted(name))` shows \(them)"
    return
      "\(count) of \(variants.prefix(5).map(\.inAList).joined(separator: ", "))\(variants.count > 5 ? " and others" : "")"
      + " (\(states.joined(separator: ", "))) \(they) of \(name) \(runs[0].cause), and \(they) left out here; \(remedy)"
  }
}

extension StoredRuns.Run {
  /// Nil of what was never begun.
  fileprivate var begunState: String? {
    isFinished ? "finished" : isRunning ? "being trained" : isLeft ? "not finished" : nil
  }

  /// Of those `OtherSeeds` tells.
  fileprivate func isSameButSeed(_ asked: PlannedRun) -> Bool {
    var plan = plan
    plan.training.seed = asked.plan.training.seed
    return plan == asked.plan
  }
}
