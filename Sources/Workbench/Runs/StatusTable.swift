import Experiments
import Foundation
import Scheduling
import Store

/// The status of runs as aligned lines: a table, the failures' reasons, the counts.
package enum StatusTable {
  package static func lines(_ statuses: [RunStatus]) -> [String] {
    guard !statuses.isEmpty else { return ["no runs yet"] }
    let head = ["run", "state", "epochs", "best", "test Dice", "time", "left"]
    return TextTable.lines([head] + statuses.map(cells)) + statuses.flatMap(reasons) + [counts(statuses)]
  }

  private static func cells(_ status: RunStatus) -> [String] {
    let name = status.variant.map { "\($0), fold \(status.fold ?? 0)" } ?? status.run
    let epochs = status.plannedEpochs.map { "\(status.epochs)/\($0)" } ?? "\(status.epochs)"
    return [
      name, status.state.rawValue, epochs, status.best.map(ProgressText.percent) ?? "",
      status.testDice.map(ProgressText.percent) ?? "", status.seconds > 0 ? Quantity.duration(status.seconds) : "",
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

/// Rows of text in aligned columns.
package enum TextTable {
  package static func lines(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = zip(row, widths).map { $0.padding(toLength: max($1, $0.count), withPad: " ", startingAt: 0) }
      return cells.joined(separator: "  ").replacing(/[ ]+$/, with: "")
    }
  }
}
