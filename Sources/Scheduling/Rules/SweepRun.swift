import Foundation
import Store

/// One cell of the sweep, as the coordinator sees it: a directory to fill.
package struct SweepRun: Equatable, Sendable {
  /// The run directory's name.
  package let name: String
  /// What people call it: "SAFNet, fold 3".
  package let label: String
  /// What it trains: runs of one variant run the same programs.
  package let variant: String
  package let directory: URL
  /// Where its worker writes what goes wrong.
  package let log: URL
  /// Its size for the time estimate; see ``SweepPace``.
  package let work: Double
  /// Bytes that its worker will take; 0 where nobody has estimated them.
  package let memory: Int

  package init(
    name: String, label: String, variant: String = "", directory: URL, log: URL, work: Double, memory: Int = 0
  ) {
    (self.name, self.label, self.variant, self.directory) = (name, label, variant, directory)
    (self.log, self.work, self.memory) = (log, work, memory)
  }
}

/// Something worth a line that stays.
package enum SweepEvent: Equatable, Sendable {
  case started(SweepRun, threads: Int, device: String? = nil)
  /// Its executor lets it wait, and says why.
  case queued(SweepRun, reason: String)
  case finished(SweepRun, seconds: Double)
  case elsewhere(SweepRun)
  /// Nothing is left to start while so many are trained by others.
  case idle(elsewhere: Int)
  case retrying(SweepRun, JobEnd, inSeconds: Double)
  case failed(SweepRun, JobEnd)
  /// What there is to say of what happened last.
  case said(SweepRun, String)
  case interrupted(SweepRun)
  /// By a stop that it had no time to obey.
  case cutOff(SweepRun)
  case stopping(running: Int)
  /// They go on where they are; the next sweep takes them over.
  case leaving(running: Int)
  case killing(running: Int)
  /// A device that is not handed out again.
  case setAside(device: String)
  /// No device is worth another try: what has not ended is left.
  case spent
}

/// What a display shows at one instant.
package struct SweepSnapshot: Equatable, Sendable {
  package struct Running: Equatable, Sendable {
    package let run: SweepRun
    package let heartbeat: Heartbeat?

    package init(run: SweepRun, heartbeat: Heartbeat?) { (self.run, self.heartbeat) = (run, heartbeat) }
  }

  package let running: [Running]
  package let finished: Int
  package let failed: Int
  package let elsewhere: Int
  package let total: Int
  package let secondsLeft: Double?

  package init(
    running: [Running], finished: Int, failed: Int, elsewhere: Int, total: Int, secondsLeft: Double?
  ) {
    (self.running, self.finished, self.failed) = (running, finished, failed)
    (self.elsewhere, self.total, self.secondsLeft) = (elsewhere, total, secondsLeft)
  }
}

/// Shows a sweep: live lines on a terminal, plain lines elsewhere.
package protocol SweepDisplay: AnyObject {
  func note(_ event: SweepEvent)
  func update(_ snapshot: SweepSnapshot)
  /// Takes the live lines away.
  func close()
}

/// What became of every run.
package struct SweepOutcome: Equatable, Sendable {
  package let finished: [SweepRun]
  package let failed: [SweepRun]
  package let interrupted: [SweepRun]
  /// Somebody asked the whole sweep to stop.
  package let wasStopped: Bool
  /// It ended because the workspace is gone, of which its display has said nothing.
  package let hasLostWorkspace: Bool
  /// Those that failed because their folder was taken away, whatever is there now.
  package let takenAway: [SweepRun]

  package init(
    finished: [SweepRun], failed: [SweepRun], interrupted: [SweepRun], wasStopped: Bool, hasLostWorkspace: Bool = false,
    takenAway: [SweepRun] = []
  ) {
    (self.finished, self.failed) = (finished, failed)
    (self.interrupted, self.wasStopped) = (interrupted, wasStopped)
    (self.hasLostWorkspace, self.takenAway) = (hasLostWorkspace, takenAway)
  }
}
