import Foundation
import System

/// What the workers of one task of an array have used, as they measured it themselves: a cluster without accounting tells
/// nobody.
///
/// The file `N-TASK.use.json` beside the batch, rewritten by the worker while it trains. Only for people: nothing is ever
/// decided by it, and a task without one is counted as unknown.
package struct TaskUse: Codable, Equatable, Sendable {
  /// How a start of a worker ended, as far as it could still say.
  package enum End: String, Codable, Sendable {
    /// It trains, or was killed.
    case open
    case finished
    /// It was asked to leave, and had saved.
    case interrupted
    /// Another worker had its run.
    case busy
    case failed
  }

  /// One worker: a job that goes back into the queue starts several, one after the other.
  package struct Start: Codable, Equatable, Sendable {
    package var wallSeconds: Double
    /// Of all threads together.
    package var cpuSeconds: Double
    /// The most resident memory.
    package var peakBytes: Int
    package var end: End

    package init(wallSeconds: Double, cpuSeconds: Double, peakBytes: Int, end: End) {
      (self.wallSeconds, self.cpuSeconds, self.peakBytes, self.end) = (wallSeconds, cpuSeconds, peakBytes, end)
    }
  }

  package var starts: [Start] = []

  package init(starts: [Start] = []) { self.starts = starts }

  /// Nil where there is none, or none that can be counted with.
  package static func read(_ file: URL) -> TaskUse? {
    guard let data = try? Descriptor.contents(of: file, limit: 1 << 22),
      let use = try? JSONDecoder().decode(TaskUse.self, from: data), use.starts.allSatisfy(\.isSound)
    else { return nil }
    return use
  }

  fileprivate func write(_ file: URL) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    // A full disk ends a run through its checkpoint, not through this.
    if let data = try? encoder.encode(self) { try? AtomicFile.write(data, to: file) }
  }
}

extension TaskUse.Start {
  fileprivate var isSound: Bool {
    (0...1e10).contains(wallSeconds) && (0...1e14).contains(cpuSeconds) && (0...1 << 50).contains(peakBytes)
  }
}

/// Measures this process, and writes that down for the task it works for.
package final class UseRecorder {
  private let file: URL
  private var use: TaskUse
  private let start = ContinuousClock.now
  private var written: ContinuousClock.Instant?

  /// Between two writings, each of which waits for the disk.
  private static let pause = Duration.seconds(60)

  /// Goes on with what earlier workers of the task have written.
  package init(_ file: URL) {
    self.file = file
    use = TaskUse.read(file) ?? TaskUse()
    use.starts.append(measured(.open))
  }

  /// To be called now and then.
  package func note() {
    if let written, ContinuousClock.now - written < Self.pause { return }
    write(.open)
  }

  package func finish(_ end: TaskUse.End) { write(end) }

  private func write(_ end: TaskUse.End) {
    written = .now
    use.starts[use.starts.count - 1] = measured(end)
    use.write(file)
  }

  private func measured(_ end: TaskUse.End) -> TaskUse.Start {
    TaskUse.Start(
      wallSeconds: (ContinuousClock.now - start) / .seconds(1), cpuSeconds: ProcessTime.ofThisProcess(),
      peakBytes: ProcessMemory.peak(ofProcess: "self"), end: end)
  }
}
