/// How long the rest of a sweep will take, from what its workers have done so far.
///
/// Runs differ in size, so each carries its work (any unit that grows with its cost; multiply-adds here). With
/// `rate` = work done per worker-second in this sweep, over all workers:
///
///     seconds left = max(work left / (rate · workers), longest single run's own estimate)
package struct SweepPace: Equatable, Sendable {
  private var workDone = 0.0
  private var workerSeconds = 0.0

  package init() {}

  package mutating func add(work: Double, seconds: Double) {
    workDone += work
    workerSeconds += seconds
  }

  /// Nil until something has been measured.
  package func secondsLeft(work: Double, workers: Int, longest: Double?) -> Double? {
    guard workDone > 0, workerSeconds > 0 else { return nil }
    let rate = workDone / workerSeconds
    return max(work / (rate * Double(max(workers, 1))), longest ?? 0)
  }
}
