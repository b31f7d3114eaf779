/// When it is said again that a sweep waits for runs that others train: rarely, and at once where one of them falls silent.
struct Reminders {
  /// Seconds between two words about a run.
  private static let pause = 600.0

  private struct Last {
    var time: Double
    var wasSilent: Bool
  }
  private var last: [Int: Last] = [:]

  /// Whether something is to be said of a run that was seen with another just now. That it is there was said when it was
  /// first seen.
  mutating func isDue(_ run: Int, isSilent: Bool, now: Double) -> Bool {
    guard let known = last[run] else {
      last[run] = Last(time: now, wasSilent: isSilent)
      return isSilent
    }
    guard now - known.time >= Self.pause || (isSilent && !known.wasSilent) else { return false }
    last[run] = Last(time: now, wasSilent: isSilent)
    return true
  }

  /// The run is nobody's any more.
  mutating func forget(_ run: Int) { last[run] = nil }
}
