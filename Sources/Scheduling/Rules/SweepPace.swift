/// How long the rest of a sweep will take, from what its workers have done so far.
///
/// Runs differ in size, so each carries its work (any unit that grows with its cost; multiply-adds here). With
/// `rate` = work done per worker-second in this sweep, over all workers:
///
///     seconds left = max(work left / (rate · workers), longest single run's own estimate)
package struct SweepPace: Equatable, Sendable {
  private var workDone = 0.0
  private var workerSeconds = 0.0
  private let expected: Double?

  /// - Parameter expected: work per worker-second, until the sweep itself has shown some; nil: nothing is known.
  package init(expected: Double? = nil) { self.expected = expected }

  package mutating func add(work: Double, seconds: Double) {
    workDone += work
    workerSeconds += seconds
  }

  /// Nil until something has been measured, or was expected.
  package func secondsLeft(work: Double, workers: Int, longest: Double?) -> Double? {
    let measured = workDone > 0 && workerSeconds > 0 ? workDone / workerSeconds : nil
    guard let rate = measured ?? expected, rate > 0 else { return nil }
    return max(work / (rate * Double(max(workers, 1))), longest ?? 0)
  }
}
