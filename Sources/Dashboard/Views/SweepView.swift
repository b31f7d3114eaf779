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

  /// From what the running ones say of themselves; the others take as long for their epochs as their variant's finished ones
  /// did, and as much longer as the running ones do now (the machine may be shared). Nil where nothing is being trained or
  /// nothing has been measured.
  static func secondsLeft(_ lines: [RunLine]) -> Double? {
    let running = lines.filter { $0.state == .running }
    guard !running.isEmpty, let usual = secondsPerEpoch(lines) else { return nil }
    let paces = Dictionary(grouping: lines, by: \.variant).compactMapValues(secondsPerEpoch)
    func expected(_ line: RunLine) -> Double {
      Double(max(0, (line.plannedEpochs ?? line.epochs) - line.epochs)) * (paces[line.variant] ?? usual)
    }
    let told = running.filter { $0.secondsLeft != nil && expected($0) > 0 }
    let slowness =
      told.isEmpty ? 1 : told.reduce(0) { $0 + ($1.secondsLeft ?? 0) } / told.reduce(0) { $0 + expected($1) }
    let begun = lines.filter { [.running, .queued, .interrupted, .stale].contains($0.state) }
    var pace = SweepPace()
    pace.add(work: 1, seconds: 1)
    return pace.secondsLeft(
      work: begun.reduce(0) { $0 + ($1.secondsLeft ?? expected($1) * slowness) }, workers: running.count,
      longest: running.compactMap(\.secondsLeft).max())
  }

  private static func secondsPerEpoch(_ lines: [RunLine]) -> Double? {
    let epochs = lines.reduce(0) { $0 + $1.epochs }
    return epochs > 0 ? lines.reduce(0) { $0 + $1.seconds } / Double(epochs) : nil
  }
}
