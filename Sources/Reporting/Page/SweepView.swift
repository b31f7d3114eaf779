import Store

/// A whole sweep: how many runs there are in which state, and how long it will take. The runs themselves stand beside it.
package struct SweepView: Encodable, Sendable {
  package let title: String
  package let experiment: String?
  package let workspace: String?
  package let version: Int
  /// What hinders a server from seeing the runs as they are; what is shown then is older.
  package let problem: String?
  package let notices: [String]
  /// How many there are in each state, the most pressing first; states without a run are left out.
  package let counts: [Count]
  package let secondsLeft: Double?
  package let secondsSpent: Double

  package struct Count: Encodable, Equatable, Sendable {
    package let state: RunState
    package let runs: Int
  }

  package init(
    title: String, experiment: String?, workspace: String? = nil, version: Int = 0, problem: String? = nil,
    notices: [String] = [], secondsLeft: Double? = nil, lines: [RunLine]
  ) {
    (self.title, self.experiment, self.workspace) = (title, experiment, workspace)
    (self.version, self.problem, self.notices, self.secondsLeft) = (version, problem, notices, secondsLeft)
    // By their places: thousands of lines are not copied for the sake of a number of each.
    var states: [RunState: Int] = [:]
    for place in lines.indices { states[lines[place].state, default: 0] += 1 }
    counts = Self.pressing.compactMap { state in states[state].map { Count(state: state, runs: $0) } }
    secondsSpent = lines.indices.reduce(0) { $0 + lines[$1].seconds }
  }

  /// A group that has a failed run and ten finished ones is no finished group.
  private static let pressing: [RunState] = [
    .failed, .damaged, .stale, .interrupted, .running, .queued, .finished,
  ]
}
