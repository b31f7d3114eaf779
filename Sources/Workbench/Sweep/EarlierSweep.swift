import Experiments
import Store
import Text
import Volumes

/// Runs that another sweep trains now for what the experiment said before its file was changed.
struct EarlierSweep {
  private let changes: [PlanChanges.Change]
  /// Those that stand in no place of what the experiment says now.
  private let others: [StoredRuns.Run]
  private let variants: RunClaims
  private let experiment: String

  /// - Parameters:
  ///   - planned: what the sweep is to train.
  ///   - all: everything that the experiment asks for.
  ///   - current: the cases that `planned` is of, where they are not kept.
  init(
    planned: [PlannedRun], among all: [PlannedRun], of specification: Specification, in workspace: Workspace,
    _ stored: StoredRuns,
    current: CacheSummary?
  ) {
    experiment = specification.name
    variants = RunClaims(of: workspace)
    changes = PlanChanges(
      planned: planned, among: all, of: specification, in: stored, .running, current: current
    ).changes.filter { if case .experiment = $0.owner { false } else { true } }
    let known = Set(all.map(\.directoryName) + changes.map(\.run))
    others = workspace.runs(of: experiment).filter { !known.contains($0) }.compactMap { stored[$0] }.filter(\.isRunning)
  }

  /// Which runs, by which process, and what that means; nil where there are none.
  var text: String? {
    let count = Set(changes.map(\.run)).count + others.count
    guard count > 0 else { return nil }
    let those = count == 1 ? "it" : "them"
    let lines =
      PlanChanges.lines(changes)
      + others.map { run in
        let variant = variants.variant(of: run.directory.name) ?? run.directory.name
        return "\(variant) fold \(run.plan.fold.number) (\(run.holder)): not asked for any more"
      }
    return
      "another `safnet run` is training \(Quantity.of(count, "run")) of \(experiment) as it was before its file was changed, and"
      + " goes on with \(those) (was and is):\n" + lines.map { "  \($0)" }.joined(separator: "\n")
      + "\n  this one trains what the file says now beside \(those), on the same machine where that is the same; to have only"
      + " this, interrupt the other first (Ctrl-C in its terminal)"
  }
}
