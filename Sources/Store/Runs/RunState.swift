/// What a run is doing, as its journal and its lock tell it.
package enum RunState: String, Codable, Sendable, CaseIterable {
  /// Planned, never started.
  case queued
  case running
  case finished
  case failed
  /// Stopped on request, with its state saved.
  case interrupted
  /// The journal says running, but nobody holds the lock: the worker was killed or its machine went down.
  case stale

  package init(after events: [JournalEvent], isLocked: Bool) {
    if case .finished? = events.last { self = .finished; return }
    if isLocked { self = .running; return }
    self =
      switch events.last {
      case nil: .queued
      case .failed?: .failed
      case .interrupted?: .interrupted
      case .finished?: .finished
      case .started?, .resumed?, .epoch?, .checkpoint?, .evaluated?: .stale
      }
  }
}
