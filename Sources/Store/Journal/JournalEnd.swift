import Foundation

extension RunDirectory {
  /// Cuts off damaged lines behind the one that says that the run is finished: they tell of nothing that was done, and the
  /// journal is whole without them.
  ///
  /// - Returns: what was done, in words; nil where there is nothing of the kind, or another process holds the run.
  package func cutBehindEnd() throws -> String? {
    guard try Journal.scan(journal).damageBehindEnd != nil, let lock = try RunLock.acquire(self) else { return nil }
    defer { lock.release() }
    let found = try Journal.scan(journal)
    guard let damage = found.damageBehindEnd else { return nil }
    _ = try JournalWriter(url: journal, keeping: found.intactBytes)
    return "\(damage.finding). It stands behind the run's end, and what follows that was cut off"
  }
}

extension Journal {
  /// A line whose checksum does not match, or of another run, behind the end of a run. One that a newer program wrote is none.
  fileprivate var damageBehindEnd: StoreError? {
    guard case .finished? = events.last?.event, case .damaged(_, let what)? = damage else { return nil }
    switch what {
    case .line, .othersLine: return damage
    default: return nil
    }
  }
}
