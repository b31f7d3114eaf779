import Foundation
import Synchronization
import System

/// Looks at the runs again and again, and tells the browsers that look on.
final class Watching: Sendable {
  private let source: LiveSource
  private let streams: EventStreams
  private let beat: Double
  private let isStopped = Atomic(false)

  init(_ source: LiveSource, _ streams: EventStreams, beat: Double) {
    (self.source, self.streams, self.beat) = (source, streams, beat)
  }

  func start() {
    let thread = Thread { [self] in watch() }
    thread.name = "watching"
    thread.start()
  }

  func stop() { isStopped.store(true, ordering: .relaxed) }

  private func watch() {
    var silence = 0.0
    while !isStopped.load(ordering: .relaxed) {
      let begin = ProcessInfo.processInfo.systemUptime
      // Nobody looks on: nothing is asked of the disk on which runs are trained.
      let isNew = streams.count > 0 && source.refresh()
      if isNew { streams.send(Routes.event(source.version)) }
      let took = ProcessInfo.processInfo.systemUptime - begin
      let pause = max(Self.pause, Self.share * took)
      silence = isNew ? 0 : silence + pause + took
      if silence > beat {
        streams.send(": still here\n\n")
        silence = 0
      }
      Thread.sleep(forTimeInterval: pause)
    }
  }

  /// Seconds between two looks, and how much longer than a look itself that is: the training beside it needs the machine.
  private static let (pause, share) = (0.7, 5.0)
}
