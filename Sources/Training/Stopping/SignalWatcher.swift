import Foundation

/// Turns signals into stop requests on a thread of its own, so that no code ever runs inside a signal handler.
///
/// The signals are blocked in the calling thread and in every thread it starts later; start it first thing.
package enum SignalWatcher {
  /// What asks a run to save and leave: a person, a system that shuts down, a cluster that takes its node back.
  package static let stopSignals: [(number: Int32, name: String)] = [
    (SIGTERM, "SIGTERM"), (SIGINT, "SIGINT"), (SIGUSR1, "SIGUSR1"), (SIGHUP, "SIGHUP"),
  ]

  package static func start(raising flag: StopFlag) {
    var signals = sigset_t()
    sigemptyset(&signals)
    for signal in stopSignals { sigaddset(&signals, signal.number) }
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    let watched = signals
    Thread.detachNewThread {
      var watched = watched
      while true {
        var number: Int32 = 0
        guard sigwait(&watched, &number) == 0 else { return }
        flag.request(stopSignals.first { $0.number == number }?.name ?? "signal \(number)")
      }
    }
  }
}
