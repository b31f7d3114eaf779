import Store
import System

/// How sweeps of this machine are ended from another terminal. A worker alone is started again: what must end is the sweep that
/// has started it.
struct SweepEnding {
  /// Their processes.
  let sweeps: [Int]

  /// Nil where none of the workers is of a sweep of this machine.
  init?(_ workers: [LockHolder]) {
    sweeps = Set(workers.compactMap(\.parentHere)).filter {
      ProcessTable.words(ofProcess: $0).dropFirst().first == "run"
    }
    .sorted()
    if sweeps.isEmpty { return nil }
  }

  var words: String { "press Ctrl-C in its terminal, or type `kill \(sweeps.map(String.init).joined(separator: " "))`" }
}
