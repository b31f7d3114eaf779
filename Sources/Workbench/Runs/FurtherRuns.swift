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
    let owner: PlanChanges.Owner
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
        let owner = PlanChanges.owner(
          of: run, differences(between: run.plan, and: asked.plan), stored, known.specification, &settings)
        if owner.isOwn { found[name] = Run(variant: asked.variant, state: state, owner: owner) }
      }
    }
    let runs = found.sorted { $0.key < $1.key }.map(\.value)
    let ways = runs.map { $0.owner.isOfOptions ? $0.owner : .plan }.distinct
    words = ways.map { way in
      Self.words(runs.filter { $0.owner == way || (way == .plan && !$0.owner.isOfOptions) }, way, known)
    }
  }

  private static func words(_ runs: [Run], _ way: PlanChanges.Owner, _ known: KnownExperiment) -> String {
    let variants = known.runs.map(\.variant).distinct.filter { name in runs.contains { $0.variant == name } }
    let states = runs.map(\.state).distinct.map { state in "\(runs.count { $0.state == state }) \(state)" }
    let count = runs.count == 1 ? "1 further run" : "\(runs.count) further runs"
    let (they, them) = runs.count == 1 ? ("is", "it") : ("are", "them")
    let name = known.specification.name
    let before = known.specification.options.isEmpty ? "as it was before" : "without this --set, or as it was before"
    let (cause, remedy) =
      if case .options(let options) = way {
        ("as \(options) changes it, which this command was not given", "the same command with \(options) shows \(them)")
      } else {
        (before, "`safnet runs list --experiment \(ShellWord.quoted(name)) --fields` shows \(them), with what differs")
      }
    return
      "\(count) of \(variants.prefix(5).map(\.inAList).joined(separator: ", "))\(variants.count > 5 ? " and others" : "")"
      + " (\(states.joined(separator: ", "))) \(they) of \(name) \(cause), and \(they) left out here; \(remedy)"
  }
}

extension PlanChanges.Owner {
  fileprivate var isOfOptions: Bool { if case .options = self { true } else { false } }

  /// Whether the experiment asked for it, one way or another.
  fileprivate var isOwn: Bool {
    switch self {
    case .content, .plan, .options: true
    case .experiment, .namesake, .nobody: false
    }
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
