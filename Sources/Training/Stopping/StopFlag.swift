import Synchronization

/// A wish to stop, raised by a signal, a lost parent or a test, and looked at between two steps.
package final class StopFlag: Sendable {
  private let reasons = Mutex<[String]>([])

  package init() {}

  /// - Parameter reason: as the journal shall name it: "SIGTERM".
  package func request(_ reason: String) { reasons.withLock { $0.append(reason) } }

  /// How often it was asked for; a second time means urgency.
  package var requests: Int { reasons.withLock { $0.count } }
  package var isRequested: Bool { requests > 0 }
  /// The first reason.
  package var reason: String? { reasons.withLock { $0.first } }
}
