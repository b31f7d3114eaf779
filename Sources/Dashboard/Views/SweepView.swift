import Experiments
import Foundation
import Store
import Scheduling

/// The whole sweep: every run, what it comes to, and how long it will take.
package struct SweepView: Encodable, Sendable {
  package let title: String
  package let experiment: String?
  package let workspace: String
  package let version: Int
  /// What hinders the server from seeing the runs as they are; what is shown then is older.
  package let problem: String?
  package let notices: [String]
  package let runs: [RunLine]
  /// How many there are in each state, the most pressing first; states without a run are left out.
  package let counts: [Count]
  package let secondsLeft: Double?
  package let secondsSpent: Double

  package struct Count: Encodable, Equatable, Sendable {
    package let state: RunState
    package let runs: Int
  }

  init(
    lines: [RunLine], notices: [String], problem: String?, version: Int, specification: Specification?,
    workspace: Workspace
  ) {
    title = specification.map { $0.title.isEmpty ? $0.name : $0.title } ?? "All runs"
    experiment = specification?.name
    self.workspace = workspace.root.path
    (runs, self.notices, self.problem, self.version) = (lines, notices, problem, version)
    counts = Self.pressing.compactMap { state in
      let runs = lines.count { $0.state == state }
      return runs > 0 ? Count(state: state, runs: runs) : nil
    }
    (secondsLeft, secondsSpent) = (Self.secondsLeft(lines), lines.reduce(0) { $0 + $1.seconds })
  }

  /// A group that has a failed run and ten finished ones is no finished group.
  private static let pressing: [RunState] = [
    .failed, .damaged, .stale, .interrupted, .running, .queued, .finished,
  ]

  /// At the pace of this sweep's finished epochs, each variant's own where it has some; nil where nothing is being
  /// trained or nothing has been measured.
  static func secondsLeft(_ lines: [RunLine]) -> Double? {
    let running = lines.filter { $0.state == .running }
    guard !running.isEmpty else { return nil }
    let paces = Dictionary(grouping: lines, by: \.variant).mapValues(secondsPerEpoch)
    guard let usual = secondsPerEpoch(lines) else { return nil }
    var pace = SweepPace(expected: 1)
    pace.add(work: 1, seconds: 1)
    let left = lines.filter { [.running, .queued, .interrupted, .stale].contains($0.state) }.reduce(0.0) { sum, line in
      let rate = (paces[line.variant] ?? nil) ?? usual
      return sum + (line.secondsLeft ?? Double(max(0, (line.plannedEpochs ?? line.epochs) - line.epochs)) * rate)
    }
    return pace.secondsLeft(work: left, workers: running.count, longest: running.compactMap(\.secondsLeft).max())
  }

  private static func secondsPerEpoch(_ lines: [RunLine]) -> Double? {
    let epochs = lines.reduce(0) { $0 + $1.epochs }
    return epochs > 0 ? lines.reduce(0) { $0 + $1.seconds } / Double(epochs) : nil
  }
}
