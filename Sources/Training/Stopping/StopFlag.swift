import Synchronization

/// A wish to stop, raised by a signal, a lost parent or a test, and looked at between two steps.
///
/// What takes long and has nothing to save looks at no flag: it declares itself with `whileNothingIsAtStake`, and a wish
/// ends the process wherever it is.
package final class StopFlag: Sendable {
  private struct Wishes {
    var reasons: [String] = []
    /// How many parts of the program have declared that nothing is at stake.
    var idle = 0
  }
  private let wishes = Mutex(Wishes())
  private let leave: (@Sendable () -> Void)?

  /// - Parameter leave: ends the process; nil where that is not to be done, as in a test.
  package init(leave: (@Sendable () -> Void)? = nil) { self.leave = leave }

  /// - Parameter reason: as the journal shall name it: "SIGTERM".
  package func request(_ reason: String) {
    let isIdle = wishes.withLock { wishes in
      wishes.reasons.append(reason)
      return wishes.idle > 0
    }
    if isIdle { leave?() }
  }

  /// Runs what may be ended at any instant without a loss: preparing cases, reading a dataset, asking Git. Every file that
  /// is written meanwhile takes its place in one step.
  ///
  /// - Parameter obeysEarlier: whether a wish from before counts too.
  package func whileNothingIsAtStake<T>(obeysEarlier: Bool = true, _ body: () throws -> T) rethrows -> T {
    let isRequested = wishes.withLock { wishes in
      wishes.idle += 1
      return !wishes.reasons.isEmpty
    }
    defer { wishes.withLock { $0.idle -= 1 } }
    if isRequested, obeysEarlier { leave?() }
    return try body()
  }

  /// How often it was asked for; a second time means urgency.
  package var requests: Int { wishes.withLock { $0.reasons.count } }
  package var isRequested: Bool { requests > 0 }
  /// The first reason.
  package var reason: String? { wishes.withLock { $0.reasons.first } }
}
