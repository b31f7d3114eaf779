/// What a run is doing, as its journal and its lock tell it.
package enum RunState: String, Codable, Sendable, CaseIterable {
  /// Planned, never started.
  case queued
  case running
  case finished
  /// It was finished, and its plan or its scores are lost or damaged since: `safnet run` mends it.
  case damaged
  case failed
  /// Stopped on request, with its state saved.
  case interrupted
  /// The journal says running, but nobody holds the lock: the worker was killed or its machine went down.
  case stale
}
