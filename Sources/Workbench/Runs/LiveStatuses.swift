import Store

/// The statuses of runs that are looked at again and again: only those of changed runs are made anew.
package struct LiveStatuses {
  /// What a look has changed in `all`.
  package enum Change: Equatable, Sendable {
    /// The list is another.
    case all
    /// Of the same runs in the same order, those at these places.
    case places([Int])
  }

  /// In the order in which they are shown.
  package private(set) var all: [RunStatus] = []
  private let board: StatusBoard
  private let workspace: Workspace
  private var arrangement: StatusBoard.Arrangement?
  private var places: [String: Int] = [:]
  private var recordsTime: Int64?
  private var words: [String: String] = [:]

  package init(_ board: StatusBoard, in workspace: Workspace) { (self.board, self.workspace) = (board, workspace) }

  /// Takes over what a look has found.
  ///
  /// - Parameter asksCluster: false: what a cluster said of its jobs the last time stays, which asks nobody.
  package mutating func take(_ look: WatchedRuns.Look, asksCluster: Bool = false) -> Change {
    if asksCluster { words = board.clusterStates() }
    let time = workspace.experimentRecordsTime
    guard let arrangement, let changed = look.changed, time == recordsTime else {
      recordsTime = time
      return arrange(look.runs)
    }
    var new: Set<Int> = []
    for run in changed.lazy.map({ look.runs[$0] }) {
      guard let place = places[run.name] else { continue }
      put(arrangement.status(run, at: place), at: place, &new)
    }
    if asksCluster { for place in all.indices { put(all[place], at: place, &new) } }
    return .places(new.sorted())
  }

  private mutating func arrange(_ runs: [IndexedRun]) -> Change {
    let new = StatusBoard.Arrangement(board, runs)
    let before = all
    all = new.statuses.map(told)
    places = Dictionary(all.enumerated().map { ($1.run, $0) }, uniquingKeysWith: { first, _ in first })
    defer { arrangement = new }
    return arrangement != nil && all == before ? .places([]) : .all
  }

  private mutating func put(_ status: RunStatus, at place: Int, _ new: inout Set<Int>) {
    let status = told(status)
    if status == all[place] { return }
    all[place] = status
    new.insert(place)
  }

  private func told(_ status: RunStatus) -> RunStatus {
    var status = status
    status.cluster = words[status.run]
    return status
  }
}
