import Store

/// How sweeps of one machine are ended from another terminal. A worker alone is started again: what must end is the sweep that
/// has started it.
struct SweepEnding {
  /// Their processes.
  let sweeps: [Int]

  /// Nil where none of the workers is of a sweep of this machine.
  init?(_ workers: [LockHolder]) {
    self.init(sweeps: workers.compactMap(\.parentHere).filter(LockHolder.isSweep))
  }

  /// Of another machine, as its workers have written it; nil where they did not.
  init?(elsewhere workers: [LockHolder]) { self.init(sweeps: workers.compactMap(\.sweep)) }

  private init?(sweeps: [Int]) {
    self.sweeps = Set(sweeps).sorted()
    if sweeps.isEmpty { return nil }
  }

  /// "process 17, 18"
  var processes: String { "process \(sweeps.map(String.init).joined(separator: ", "))" }
  var words: String { "press Ctrl-C in its terminal, or type `kill \(sweeps.map(String.init).joined(separator: " "))`" }
}
