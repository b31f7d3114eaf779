import Experiments
import Foundation
import Metrics
import Scheduling
import Store
import Text

/// The status of runs as aligned lines: a table, the failures' reasons, the counts.
package enum StatusTable {
  /// Up to so many runs of an experiment have a line each.
  private static let most = 100

  /// - Parameter all: a line for every run, however many there are; else, of an experiment with many, one for each variant
  ///   and those of the runs that somebody may want to look at.
  package static func lines(_ statuses: [RunStatus], all: Bool = true) -> [String] {
    guard !statuses.isEmpty else { return ["no runs yet: `safnet run` with an experiment begins some"] }
    guard all || statuses.count <= most else { return variants(statuses) }
    let head = ["run", "state", "epochs", "best val", "test Dice", "time", "left"]
    let isOnCluster = statuses.contains { $0.cluster != nil }
    let rows = zip(names(statuses), statuses).map { name, status in
      [name] + cells(status) + (isOnCluster ? [status.cluster ?? ""] : [])
    }
    return AlignedTable.lines([head + (isOnCluster ? ["cluster"] : [])] + rows) + statuses.flatMap(reasons)
      + legend(statuses) + [counts(statuses)]
  }

  /// Where runs are trained if not here, and what a state means that nobody asked for.
  static func legend(_ statuses: [RunStatus]) -> [String] { elsewhere(statuses) + stale(statuses) }

  /// A cluster's jobs have their own column.
  private static func elsewhere(_ statuses: [RunStatus]) -> [String] {
    let hosts = Dictionary(grouping: statuses.filter { $0.cluster == nil }.compactMap(\.host)) { $0 }
    return hosts.sorted { $0.key < $1.key }.map { host, runs in
      "\(Quantity.of(runs.count, "run")) \(runs.count == 1 ? "is" : "are") trained on \(host), another machine"
    }
  }

  private static func stale(_ statuses: [RunStatus]) -> [String] {
    statuses.contains { $0.state == .stale }
      ? [
        "stale: its process is gone and has not said why (killed, or the machine went down); `safnet run` goes on after the epochs"
          + " that are shown"
      ] : []
  }

  private static func variants(_ statuses: [RunStatus]) -> [String] {
    let names = statuses.compactMap(\.variant).reduce(into: [String]()) {
      if $0.last != $1, !$0.contains($1) { $0.append($1) }
    }
    let groups = Dictionary(grouping: statuses, by: \.variant)
    let states = RunState.allCases.filter { state in statuses.contains { $0.state == state } }
    let rows = names.map { name -> [String] in
      let own = groups[name] ?? []
      let counts = states.map { state in own.count { $0.state == state } }.map { $0 == 0 ? "" : "\($0)" }
      let dice = mean(ofCounted: own.map(\.testDice))?.percent ?? ""
      return [name, "\(own.count)"] + counts + [dice, Quantity.duration(own.reduce(0) { $0 + $1.seconds })]
    }
    let head = ["variant", "runs"] + states.map(\.rawValue) + ["mean test Dice", "time"]
    let shown = statuses.filter { ![.finished, .queued].contains($0.state) }
    let single = shown.isEmpty ? [] : [""] + lines(shown).dropLast()
    return AlignedTable.lines([head] + rows) + single + ["\(counts(statuses)); --all shows each"]
  }

  /// With the seeds where there is more than one.
  private static func names(_ statuses: [RunStatus]) -> [String] {
    let seeds = Dictionary(grouping: statuses, by: \.variant).mapValues { Set($0.compactMap(\.seed)).count }
    return statuses.map { status in
      let seed = seeds[status.variant, default: 0] > 1 ? status.seed : nil
      guard let variant = status.variant else { return status.run + (seed.map { "  seed \($0)" } ?? "") }
      // A method that was imported is of all folds.
      guard let fold = status.fold else { return variant }
      return PlannedRun.label(variant, fold: fold, seed: seed)
    }
  }

  static func cells(_ status: RunStatus) -> [String] {
    let epochs = status.plannedEpochs.map { "\(status.epochs)/\($0)" } ?? "\(status.epochs)"
    return [
      status.state.rawValue, epochs, status.best.map(\.percent) ?? "",
      status.testDice.map(\.percent) ?? "", status.seconds > 0 ? Quantity.duration(status.seconds) : "",
      status.secondsLeft.map(Quantity.duration) ?? "",
    ]
  }

  static func reasons(_ status: RunStatus) -> [String] {
    var lines: [String] = []
    if let notice = status.notice { lines.append("\(status.run): \(notice)") }
    if let silence = status.silence { lines.append("\(status.run) is running, but \(silence.words)") }
    if status.state == .failed {
      lines.append("\(status.run) failed: \(status.failure ?? "its log says why")")
      lines += (status.logTail ?? []).map { "    \($0)" }
    }
    return lines
  }

  /// "25 runs: 20 finished, 2 running, 3 queued"
  static func counts(_ statuses: [RunStatus]) -> String {
    var counts: [RunState: Int] = [:]
    for index in statuses.indices { counts[statuses[index].state, default: 0] += 1 }
    let parts = RunState.allCases.compactMap { state in counts[state].map { "\($0) \(state.rawValue)" } }
    return "\(statuses.count) \(statuses.count == 1 ? "run" : "runs"): \(parts.joined(separator: ", "))"
  }
}
