import Slurm

/// A cluster's shared disk: locks that every host sees at once, and journals that other hosts see later.
struct SharedDisk {
  /// What a run directory says from an instant on.
  struct Note {
    var time: Double
    var record: RunRecord
    var attempts: Int
    var saved: Int
  }

  /// The job whose worker holds a run's lock.
  var locks: [String: Int] = [:]
  /// Seconds of work of each run that are saved.
  var done: [String: Double] = [:]
  private var notes: [String: [Note]] = [:]

  mutating func note(_ run: String, _ record: RunRecord, attempts: Int? = nil, at now: Double) {
    let last = truth(run)
    notes[run, default: []].append(
      Note(time: now, record: record, attempts: attempts ?? last.attempts, saved: Int(done[run, default: 0])))
  }

  func truth(_ run: String) -> Note {
    notes[run]?.last ?? Note(time: 0, record: .nothingNew, attempts: 0, saved: 0)
  }

  /// What is seen on another host.
  func seen(_ run: String, until time: Double) -> Note {
    notes[run]?.last { $0.time <= time }
      ?? Note(time: 0, record: .nothingNew, attempts: 0, saved: 0)
  }

  func record(of run: String, after attempts: Int, until time: Double) -> RunRecord {
    let note = seen(run, until: time)
    if note.record == .finished { return .finished }
    if locks[run] != nil { return .held }
    if note.attempts <= attempts { return .nothingNew }
    return note.record == .held ? .brokenOff : note.record
  }
}
