import Experiments
import Foundation
import Store
import Text

/// The finished runs that a variant's name stands for in the place of a run's.
///
/// They are looked for among those of every plan. Which of the plans the experiment's file has now, its name does not say: what a
/// workspace records is the last `safnet run`, which may have been a look with `--set`.
struct VariantRuns {
  let directories: [RunDirectory]
  /// Of the same plan: begun, and not finished.
  let notTaken: [String]
  /// Which runs were chosen.
  let notice: String

  /// Nil where the name is no variant's, or none of its runs has finished.
  ///
  /// - Parameter takesSeveral: else the newest is taken.
  /// - Throws: `UsageError.variantOfPlans` where finished runs are of several plans.
  init?(_ name: String, takesSeveral: Bool, in workspace: Workspace) throws {
    let named = NamedInstead(name, in: workspace, takesVariants: takesSeveral, isLiteral: false)
    guard let variant = named.variant else { return nil }
    let stored = try StoredRuns(workspace)
    let all = variant.runs.compactMap { stored[$0] }
    let finished = all.filter { (try? $0.directory.state()) == .finished }
    guard let first = finished.first else { return nil }
    let plans = finished.reduce(into: [StoredRuns.Run]()) { plans, run in
      if !plans.contains(where: { $0.plan.isAlike(run.plan) }) { plans.append(run) }
    }
    guard plans.count == 1 else {
      throw UsageError.variantOfPlans(
        name: name, experiments: variant.experiments, plans: plans.count,
        options: takesSeveral ? named.options(of: variant.name) : [],
        runs: try Self.lines(finished.sorted(by: Self.precedes), in: workspace))
    }
    let taken =
      takesSeveral ? finished.sorted(by: Self.precedes) : [finished.max { $0.lastTime < $1.lastTime } ?? first]
    directories = taken.map(\.directory)
    let others = all.filter { run in run.plan.isAlike(first.plan) && !finished.contains { $0.name == run.name } }
    notTaken = takesSeveral ? others.map { "\($0.name) (\($0.state.rawValue))" } : []
    let choice =
      finished.count == 1
      ? "its finished run is"
      : takesSeveral ? "its finished runs are" : "the newest of its \(finished.count) finished runs is"
    notice =
      "'\(name)' is a variant of \(Self.list(variant.experiments)); \(choice)"
      + " \(taken.map { "\($0.name) (fold \($0.plan.fold.number))" }.joined(separator: ", "))"
      + (notTaken.isEmpty ? "" : "; not taken: \(notTaken.joined(separator: ", "))")
  }

  private static func list(_ names: [String]) -> String { names.joined(separator: " and ") }

  /// As people count them.
  private static func precedes(_ a: StoredRuns.Run, _ b: StoredRuns.Run) -> Bool {
    (a.plan.fold.number, a.plan.training.seed, a.name) < (b.plan.fold.number, b.plan.training.seed, b.name)
  }

  /// Each with what tells its plan from the others.
  private static func lines(_ runs: [StoredRuns.Run], in workspace: Workspace) throws -> [String] {
    let index = WorkspaceIndex(workspace)
    _ = try index.refresh()
    let marks = try RunMarks(of: runs.map(\.name), in: index).words(runs.map { _ in [] })
    let claims = RunClaims(of: workspace)
    let isSeeded = Set(runs.map(\.plan.training.seed)).count > 1
    return AlignedTable.lines(
      zip(runs, marks).map { run, mark in
        [
          run.name,
          claims.experiments(of: run.name)?.distinct.joined(separator: ", ")
            ?? claims.formerExperiments(of: run.name)?.distinct.joined(separator: ", ") ?? "",
          "fold \(run.plan.fold.number)" + (isSeeded ? ", seed \(run.plan.training.seed)" : ""), mark,
        ]
      })
  }
}

extension StoredRuns.Run {
  fileprivate var name: String { directory.name }

  /// When it was last heard of.
  fileprivate var lastTime: Date { (try? directory.history())?.lastEvent?.time ?? .distantPast }
}

extension Plan {
  /// Whether both are of one variant as an experiment said it at one time: runs of other folds and seeds of it.
  fileprivate func isAlike(_ other: Plan) -> Bool {
    differences(between: self, and: other).allSatisfy { $0.path.hasPrefix("fold.") || $0.path == "training.seed" }
  }
}
