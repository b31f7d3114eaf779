/// How often, and after which pause, a run that crashed is started again.
package struct RetryPolicy: Equatable, Sendable {
  /// Further attempts after a crash, as long as none of them saves anything new.
  package var retries: Int
  /// Seconds before the first retry; each further pause is twice as long.
  package var firstDelay: Double
  package var longestDelay: Double
  /// Seconds before a run goes on that somebody else has interrupted.
  package var requeueDelay: Double

  package init(retries: Int = 2, firstDelay: Double = 2, longestDelay: Double = 60, requeueDelay: Double = 1) {
    precondition(retries >= 0 && firstDelay >= 0, "\(retries) retries after \(firstDelay) s make no sense")
    (self.retries, self.firstDelay) = (retries, firstDelay)
    (self.longestDelay, self.requeueDelay) = (longestDelay, requeueDelay)
  }

  /// Seconds to wait after the given number of crashes in a row, or nil when the run is given up.
  package func delay(afterCrashes crashes: Int) -> Double? {
    guard crashes <= retries else { return nil }
    return min(longestDelay, firstDelay * Double(1 << min(crashes - 1, 20)))
  }
}
