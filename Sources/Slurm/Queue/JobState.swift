/// A job's state as squeue and sacct name it.
package enum JobState: Equatable, Sendable {
  /// In the queue, or on its way back into it.
  case waiting(Word)
  /// On a node; also one that is being cleaned up, whose worker may still write.
  case running(Word)
  /// Nothing of this job will run any more.
  case ended(Word)
  /// A word that this program does not know: to be asked again.
  case unknown(String)

  /// The states by their names.
  package enum Word: String, CaseIterable, Sendable {
    case pending = "PENDING"
    case configuring = "CONFIGURING"
    case requeued = "REQUEUED"
    case requeueFederation = "REQUEUE_FED"
    case requeueHold = "REQUEUE_HOLD"
    case specialExit = "SPECIAL_EXIT"
    case reservationHold = "RESV_DEL_HOLD"
    case running = "RUNNING"
    case completing = "COMPLETING"
    case suspended = "SUSPENDED"
    case stopped = "STOPPED"
    case signaling = "SIGNALING"
    case resizing = "RESIZING"
    case stageOut = "STAGE_OUT"
    case powerUp = "POWER_UP_NODE"
    case completed = "COMPLETED"
    case cancelled = "CANCELLED"
    case failed = "FAILED"
    case timeout = "TIMEOUT"
    case nodeFailure = "NODE_FAIL"
    case bootFailure = "BOOT_FAIL"
    case launchFailure = "LAUNCH_FAILED"
    case reconfigureFailure = "RECONFIG_FAIL"
    case preempted = "PREEMPTED"
    case outOfMemory = "OUT_OF_MEMORY"
    case deadline = "DEADLINE"
    case revoked = "REVOKED"
  }

  /// Whatever follows the name is left out: `CANCELLED by 1000`, `RUNNING+`.
  package init(_ text: String) {
    let name = text.prefix { $0.isASCII && ($0.isUppercase || $0 == "_") }
    guard let word = Word(rawValue: String(name)) else {
      self = .unknown(text)
      return
    }
    self =
      switch word {
      case .pending, .configuring, .requeued, .requeueFederation, .requeueHold, .specialExit, .reservationHold,
        .powerUp:
        .waiting(word)
      case .running, .completing, .suspended, .stopped, .signaling, .resizing, .stageOut: .running(word)
      case .completed, .cancelled, .failed, .timeout, .nodeFailure, .bootFailure, .launchFailure, .reconfigureFailure,
        .preempted, .outOfMemory, .deadline, .revoked:
        .ended(word)
      }
  }

  package var isEnded: Bool { if case .ended = self { true } else { false } }

  /// As Slurm wrote it.
  package var name: String {
    switch self {
    case .waiting(let word), .running(let word), .ended(let word): word.rawValue
    case .unknown(let text): text
    }
  }
}

extension JobState.Word {
  /// What an end means, and what is done about it: the end of "its job ...".
  package var endWords: String {
    switch self {
    case .completed: "ended without a result"
    case .failed: "failed before its worker could say why"
    case .cancelled: "was cancelled"
    case .timeout: "was ended at its time limit; give more `time`, or an earlier `warning`, in the site's file"
    case .outOfMemory: "took more memory than it had asked for; it asks for more from now on (`memoryMargin`)"
    case .nodeFailure: "lost its node, which is left out from now on"
    case .bootFailure, .launchFailure, .reconfigureFailure: "was not started by its node, which is left out from now on"
    case .preempted: "had to make room for another"
    case .deadline: "missed its deadline"
    case .revoked: "was taken to another cluster"
    default: "is \(rawValue.lowercased())"
    }
  }

  /// Whether the node is to blame.
  package var blamesNode: Bool {
    [.nodeFailure, .bootFailure, .launchFailure, .reconfigureFailure].contains(self)
  }
}
