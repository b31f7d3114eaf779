import Foundation
import System

/// Where a worker is, written beside its journal about once a second and read by whoever watches.
///
/// Only for display: nothing is ever resumed from it, and a reader who finds it missing or torn shows less.
package struct Heartbeat: Codable, Equatable, Sendable {
  package enum Phase: String, Codable, Sendable { case preparing, training, validating, testing }

  package var phase: Phase
  /// The epoch in progress, counted from 1.
  package var epoch: Int
  package var epochs: Int
  /// Finished steps of the epoch, or tested cases.
  package var step: Int
  package var steps: Int
  /// Mean loss of the epoch so far.
  package var loss: Double?
  /// Mean loss of the epoch before.
  package var lastLoss: Double?
  /// Best validation score so far, 0 to 1.
  package var best: Double?
  /// Share of the whole run that is done, 0 to 1.
  package var fraction: Double
  /// Seconds until the run is finished, at the pace of this process.
  package var secondsLeft: Double?
  package var written: Date

  package init(
    phase: Phase, epoch: Int, epochs: Int, step: Int, steps: Int, loss: Double?, lastLoss: Double?,
    best: Double?, fraction: Double, secondsLeft: Double?, written: Date = Date()
  ) {
    (self.phase, self.epoch, self.epochs, self.step, self.steps) = (phase, epoch, epochs, step, steps)
    (self.loss, self.lastLoss, self.best) = (loss, lastLoss, best)
    (self.fraction, self.secondsLeft) = (fraction, secondsLeft)
    self.written = written
  }

  package static let fileName = "progress.json"

  package static func read(in directory: URL) -> Heartbeat? {
    let file = directory.appendingPathComponent(fileName)
    guard let data = try? Descriptor.contents(of: file, limit: longest),
      let read = try? JSONDecoder.heartbeat.decode(Heartbeat.self, from: data)
    else { return nil }
    return read.isSound ? read : nil
  }

  /// Bytes; it is a few hundred.
  private static let longest = 1 << 16

  /// Whether its numbers can be counted with: the file has no checksum.
  private var isSound: Bool {
    [epoch, epochs, step, steps].allSatisfy { (0...1 << 40).contains($0) } && (0...2).contains(fraction)
      && (secondsLeft ?? 0).magnitude < 1e12
  }

  /// A failure is not reported: a full disk shall end a run through its checkpoint, not through its progress line.
  package func write(in directory: URL) {
    guard let data = try? JSONEncoder.heartbeat.encode(self) else { return }
    // The run's lock makes this its only writer; the name is one that the next worker removes if this one is killed.
    let unfinished = directory.appendingPathComponent(".\(Self.fileName).partial").path
    unlink(unfinished)
    guard let file = try? Descriptor(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, action: .create) else {
      return
    }
    let isWritten = (try? file.write(data)) != nil
    if !isWritten || rename(unfinished, directory.appendingPathComponent(Self.fileName).path) != 0 {
      unlink(unfinished)
    }
  }
}

extension JSONEncoder {
  fileprivate static var heartbeat: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .secondsSince1970
    encoder.outputFormatting = .sortedKeys
    return encoder
  }
}

extension JSONDecoder {
  fileprivate static var heartbeat: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .secondsSince1970
    return decoder
  }
}
