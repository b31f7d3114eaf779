import Foundation
import Store
import Text

/// Which processes train an experiment's runs without a cluster, so that they can be ended from another terminal.
package struct SweepHolders {
  private let workers: [LockHolder]

  /// Those of whom the locks of its runs tell.
  package init(_ workspace: Workspace, of experiment: String) {
    workers = workspace.runs(of: experiment).compactMap { name in
      guard let probe = try? RunLock.probe(workspace.runDirectory(named: name)), probe.isHeld else { return nil }
      return probe.holder
    }
  }

  /// How to end them; nil where nobody of this machine trains.
  ///
  /// A worker alone is started again: what must end is the sweep that has started it.
  package var words: String? {
    let sweeps = Set(workers.compactMap(\.parentHere).filter { $0 > 1 }).sorted()
    guard !sweeps.isEmpty else { return nil }
    let numbers = sweeps.map(String.init)
    return
      "\(Quantity.of(workers.count, "run")) of it \(workers.count == 1 ? "is" : "are") trained on this machine, by process"
      + " \(numbers.joined(separator: ", ")): press Ctrl-C in its terminal, or type `kill \(numbers.joined(separator: " "))`."
      + " What is saved stays, and the same `safnet run` goes on from there."
  }
}
