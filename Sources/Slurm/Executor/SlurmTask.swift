import Scheduling

/// One run on its way through Slurm.
struct SlurmTask {
  /// A task of a batch.
  struct Place: Hashable {
    var batch: Int
    var task: Int
  }

  enum Phase: Equatable {
    /// To be handed in, and why it is not yet.
    case waiting(String)
    /// Slurm has it, or may have it.
    case handedIn(JobStatus)
    /// For Slurm it is over: what the run directory says is awaited, for it may be seen here later than it was written.
    case settling(since: Double, JobState.Word?)
    case ended(JobEnd)
  }

  let run: String
  /// Bytes its plan takes.
  let estimate: Int
  var phase: Phase
  var place: Place?
  /// `17_3`, once it is known.
  var job: String?
  /// Workers that had begun, and what was saved, when it was handed in; nil for one that an earlier submitter handed in.
  var attempts = 0
  var saved: Int?
  /// Good answers in a row that did not name it, or called it ended.
  var unseen = 0
  var endings = 0
  /// Times that it was let go after a node could not start it.
  var releases = 0
  /// Multiplies the memory that is asked for.
  var memoryFactor = 1.0
  /// We have cancelled it ourselves.
  var isStopping = false

  var status: JobStatus {
    switch phase {
    case .waiting(let reason): .queued(reason: reason)
    case .handedIn(let status): status
    case .settling: .running
    case .ended(let end): .ended(end)
    }
  }

  var isHandedIn: Bool { if case .handedIn = phase { true } else { false } }
  /// Also one that has vanished: three empty tables in a row do happen.
  var isAskedAbout: Bool { if case .settling(_, nil) = phase { true } else { isHandedIn } }
  var isWaiting: Bool { if case .waiting = phase { true } else { false } }
}

/// A batch of which something may still be heard.
struct OpenBatch {
  var batch: RunBatch
  /// The array's number; nil while it is not known whether Slurm took it.
  var job: Int?
  /// Whether this program has handed it in, and so may hand it in again.
  var isOurs: Bool
  var tries = 1
}
