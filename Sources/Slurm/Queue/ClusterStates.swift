import Foundation
import Scheduling

/// What Slurm says of the runs of a workspace, for whoever only looks; one question for all, and not more often than
/// every half minute.
package final class ClusterStates {
  private let workspace: URL
  private let queue: SlurmQueue
  private let clock: any SweepClock
  private var known: [String: String] = [:]
  private var askedAt = -Double.infinity

  private static let seconds = 30.0

  package init(workspace: URL, _ commands: any SlurmCommands, clock: any SweepClock = SteadyClock()) {
    (self.workspace, self.clock) = (workspace, clock)
    queue = SlurmQueue(commands)
  }

  /// State and reason by the run's name, of runs that have a job in the queue or on a node.
  package func read() -> [String: String] {
    guard clock.now - askedAt >= Self.seconds else { return known }
    askedAt = clock.now
    let batches = BatchFolder.all(in: workspace).flatMap { (try? $0.open()) ?? [] }
    guard !batches.isEmpty else { return [:] }
    let byName = Dictionary(batches.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    switch queue.tasks(named: batches.map(\.name)) {
    case .none(let reason):
      let runs = Set(batches.flatMap(\.runs))
      known = Dictionary(uniqueKeysWithValues: runs.map { ($0, "Slurm does not answer (\(reason))") })
    case .rows(let rows):
      known = [:]
      for row in rows where !row.state.isEnded {
        guard let batch = byName[row.name], batch.runs.indices.contains(row.task) else { continue }
        known[batch.runs[row.task]] = words(row)
      }
    }
    return known
  }

  private func words(_ row: QueueRow) -> String {
    let place = row.nodes.isEmpty ? "" : " on \(row.nodes.joined(separator: ","))"
    if case .waiting = row.state { return "job \(row.id) \(row.state.name) (\(PendingReason.words(row.reason)))" }
    return "job \(row.id) \(row.state.name)\(place)"
  }
}
