import Foundation
import System

/// Turns signals into stop requests on a thread of its own, so that no code ever runs inside a signal handler.
///
/// The signals are blocked in the calling thread and in every thread it starts later; start it first thing. What the
/// process was started to ignore (`nohup`, `trap '' TERM`) is left alone: blocked, it would be waited for all the same.
package enum SignalWatcher {
  /// What asks a run to save and leave: a person, a system that shuts down, a cluster that takes its node back.
  package static let stopSignals: [(number: Int32, name: String)] = [
    (SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGUSR1, "SIGUSR1"), (SIGHUP, "SIGHUP"),
  ]

  package static func start(raising flag: StopFlag) {
    let watched = stopSignals.filter { !Signals.isIgnored($0.number) }
    // As a shell without job control starts `program &`.
    let isInBackground = Signals.isIgnored(SIGINT) && Signals.isIgnored(SIGQUIT)
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in watched { sigaddset(&signals, signal.number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let waited = signals
    Thread.detachNewThread {
      var (waited, found) = (waited, siginfo_t())
      while true {
        let number = sigwaitinfo(&waited, &found)
        if number < 0, errno == EINTR { continue }
        guard number > 0 else { return }
        if isInBackground, number == SIGHUP, found.si_code == fromSystem { continue }
        flag.request(watched.first { $0.number == number }?.name ?? "signal \(number)")
      }
    }
  }

  /// Of a signal that no process sent (`SI_KERNEL`): the terminal is gone, which is nothing to a background job.
  private static let fromSystem: Int32 = 0x80
}
