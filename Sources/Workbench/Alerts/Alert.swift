import Foundation
import System
import Text

/// What `safnet run --notify` hands to a command: one JSON object on one line.
///
/// Keys that have nothing to say are left out. Later programs may add keys and events.
package struct Alert: Encodable, Equatable, Sendable {
  package enum Event: String, Encodable, Sendable {
    /// A run is complete.
    case finished
    /// A run was given up.
    case failed
    /// A run was given up because its loss is no number any more, or far from where it began.
    case diverged
    /// The worker of a run has not been heard of for long.
    case stalled
    /// Little room is left on the workspace's disk.
    case diskLow
    /// The sweep has ended, by itself or on request.
    case over
  }

  package var event: Event
  /// When, in UTC: `2026-11-27T13:20:00Z`.
  package var time: String
  package var host = Machine.hostName
  package var experiment: String
  /// Path of the workspace.
  package var workspace: String
  /// Name of the run's directory.
  package var run: String?
  /// "SAFNet, fold 3".
  package var label: String?
  /// What happened, in words.
  package var message: String
  /// What the run took; of `stalled`, since when nothing was heard.
  package var seconds: Double?
  /// Path of the run's log.
  package var log: String?
  /// Bytes left on the disk.
  package var freeDisk: Int?
  /// How many of the sweep's runs are complete, were given up, and are there.
  package var finished: Int
  package var failed: Int
  package var total: Int

  package init(
    _ event: Event, time: Date = Date(), experiment: String, workspace: String, message: String, finished: Int,
    failed: Int, total: Int
  ) {
    (self.event, self.experiment, self.workspace, self.message) = (
      event, experiment, workspace, message.shortened(to: Self.longest)
    )
    (self.finished, self.failed, self.total) = (finished, failed, total)
    self.time = time.formatted(.iso8601)
  }

  /// Characters of a message: a line has to fit into a pipe that nobody reads.
  private static let longest = 4_000

  package var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Numbers are finite, and everything else are strings: that cannot fail.
    return String(decoding: (try? encoder.encode(self)) ?? Data("{}".utf8), as: UTF8.self)
  }
}
