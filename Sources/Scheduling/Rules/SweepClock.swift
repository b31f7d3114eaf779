import Foundation

/// Steady seconds, and waiting: replaced by the tests, which cannot wait.
package protocol SweepClock: AnyObject {
  var now: Double { get }
  func pause(_ seconds: Double)
}

package final class SteadyClock: SweepClock {
  private let origin = ContinuousClock.now

  package init() {}

  package var now: Double { (ContinuousClock.now - origin) / .seconds(1) }
  package func pause(_ seconds: Double) { Thread.sleep(forTimeInterval: seconds) }
}
