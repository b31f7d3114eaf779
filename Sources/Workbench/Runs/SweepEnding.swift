import Store

/// How sweeps of one machine are ended from another terminal. A worker alone is started again: what must end is the sweep that
/// has started it.
struct SweepEnding {
  /// Their processes.
  let sweeps: [Int]
  /// Those of them that are stopped: neither Ctrl-C nor `kill` reaches them before they go on.
  private let stopped: [Int]

  /// Nil where none of the workers is of a sweep of this machine.
  init?(_ workers: [LockHolder]) {
    let sweeps = workers.compactMap(\.parentHere).filter(LockHolder.isSweep)
    self.init(sweeps: sweeps, stopped: sweeps.filter(LockHolder.isStopped))
  }

  /// Of another machine, as its workers have written it; nil where they did not.
  init?(elsewhere workers: [LockHolder]) { self.init(sweeps: workers.compactMap(\.sweep), stopped: []) }

  init?(sweeps: [Int], stopped: [Int]) {
    (self.sweeps, self.stopped) = (Set(sweeps).sorted(), Set(stopped).sorted())
    if sweeps.isEmpty { return nil }
  }

  /// "process 17, 18"
  var processes: String {
    "process \(sweeps.map { stopped.contains($0) ? "\($0) (stopped, as by Ctrl-Z)" : "\($0)" }.joined(separator: ", "))"
  }

  var words: String {
    let all = Self.list(sweeps)
    return stopped.isEmpty
      ? "press Ctrl-C in its terminal, or type `kill \(all)`"
      : "type `fg` and press Ctrl-C in its terminal, or type `kill \(all) && kill -CONT \(Self.list(stopped))`"
  }

  private static func list(_ processes: [Int]) -> String { processes.map(String.init).joined(separator: " ") }
}
