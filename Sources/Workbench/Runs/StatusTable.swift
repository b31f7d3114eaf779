import Experiments
import Foundation
import Scheduling
import Store
import Text

/// The status of runs as aligned lines: a table, the failures' reasons, the counts.
package enum StatusTable {
  package static func lines(_ statuses: [RunStatus]) -> [String] {
    guard !statuses.isEmpty else { return ["no runs yet"] }
    let head = ["run", "state", "epochs", "best", "test Dice", "time", "left"]
    let rows = zip(names(statuses), statuses).map { [$0] + cells($1) }
    return AlignedTable.lines([head] + rows) + statuses.flatMap(reasons) + [counts(statuses)]
  }

  /// With the seeds where there is more than one.
  private static func names(_ statuses: [RunStatus]) -> [String] {
    let seeds = Dictionary(grouping: statuses, by: \.variant).mapValues { Set($0.compactMap(\.seed)).count }
    return statuses.map { status in
      let seed = seeds[status.variant, default: 0] > 1 ? status.seed : nil
      guard let variant = status.variant else { return status.run + (seed.map { "  seed \($0)" } ?? "") }
      return PlannedRun.label(variant, fold: status.fold ?? 0, seed: seed)
    }
  }

  private static func cells(_ status: RunStatus) -> [String] {
    let epochs = status.plannedEpochs.map { "\(status.epochs)/\($0)" } ?? "\(status.epochs)"
    return [
      status.state.rawValue, epochs, status.best.map(\.percent) ?? "",
      status.testDice.map(\.percent) ?? "", status.seconds > 0 ? Quantity.duration(status.seconds) : "",
      status.secondsLeft.map(Quantity.duration) ?? "",
    ]
  }

  private static func reasons(_ status: RunStatus) -> [String] {
    var lines: [String] = []
    if let notice = status.notice { lines.append("\(status.run): \(notice)") }
    if status.state == .failed {
      lines.append("\(status.run) failed: \(status.failure ?? "its log says why")")
      lines += (status.logTail ?? []).map { "    \($0)" }
    }
    return lines
  }

  /// "25 runs: 20 finished, 2 running, 3 queued"
  private static func counts(_ statuses: [RunStatus]) -> String {
    let parts = RunState.allCases.compactMap { state -> String? in
      let count = statuses.count { $0.state == state }
      return count > 0 ? "\(count) \(state.rawValue)" : nil
    }
    return "\(statuses.count) \(statuses.count == 1 ? "run" : "runs"): \(parts.joined(separator: ", "))"
  }
}
