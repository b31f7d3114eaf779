import Foundation
import Synchronization
import System

/// Looks at the runs again and again, and tells the browsers that look on.
final class Watching: Sendable {
  private let source: LiveSource
  private let streams: EventStreams
  private let beat: Double
  private let isStopped = Atomic(false)
  private let hasEnded = DispatchSemaphore(value: 0)

  init(_ source: LiveSource, _ streams: EventStreams, beat: Double) {
    (self.source, self.streams, self.beat) = (source, streams, beat)
  }

  func start() {
    let thread = Thread { [self] in watch() }
    thread.name = "watching"
    thread.start()
  }

  /// Returns when the last look has ended, or after so many seconds: nobody is told of anything after it.
  func stop(within seconds: Double) {
    isStopped.store(true, ordering: .relaxed)
    if hasEnded.wait(timeout: .now() + seconds) == .success { hasEnded.signal() }
  }

  private func watch() {
    var (told, spoken) = (-1, 0.0)
    defer { hasEnded.signal() }
    source.look()
    while !isStopped.load(ordering: .relaxed) {
      let (now, last) = (ProcessInfo.processInfo.systemUptime, source.lastLook)
      // Nobody looks on: nothing is asked of the disk on which runs are trained.
      if streams.count > 0, now - last.end > max(Self.pause, Self.share * last.took) { source.look() }
      let version = source.version
      if version != told {
        streams.send(Routes.event(version))
        (told, spoken) = (version, now)
      } else if now - spoken > beat {
        streams.send(": still here\n\n")
        spoken = now
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  /// Seconds between two looks, and how much longer than a look itself that is: the training beside it needs the machine.
  private static let (pause, share) = (0.6, 5.0)
}
