import Foundation
import System

/// Checkpoints on the disk: written beside their place, synced, read back, then renamed; the one before stays.
package enum CheckpointFile {
  /// - Parameter previous: the name under which the checkpoint that was there stays.
  package static func write(_ checkpoint: Checkpoint, to url: URL, keeping previous: URL? = nil) throws {
    if let name = checkpoint.notFinite { throw StoreError.notFinite(file: url.path, value: name) }
    try GuardedFile.write(
      .checkpoint, planIdentity: checkpoint.planIdentity, to: url, keeping: previous, checkpoint.write)
  }

  package static func read(_ url: URL) throws -> Checkpoint {
    try GuardedFile.read(.checkpoint, url) { try Checkpoint(planIdentity: $0.planIdentity, root: $1) }
  }

  /// Whose checkpoint it is and of which epoch, once every bit was looked at.
  static func ownerAndEpoch(of url: URL) throws -> (owner: String, epoch: Int) {
    try GuardedFile.read(.checkpoint, url) { ($0.planIdentity, try Checkpoint.epoch(of: $1)) }
  }

  /// Whose checkpoint it is, without reading more than its first 512 bytes.
  package static func header(of url: URL) throws -> GuardedFile { try GuardedFile.header(of: url, kind: .checkpoint) }

  /// A checkpoint to go on from, where it was found, and what was passed over on the way.
  package struct Found: Sendable {
    package var checkpoint: Checkpoint
    package var url: URL
    /// `StoreError` for what is damaged, `SystemError` for what is missing.
    package var notices: [any Error]
  }

  /// The newest readable one of a run: the last, else of the earlier ones and the best the one with most steps.
  /// `nil` if there is none at all.
  ///
  /// - Throws: the last checkpoint's own error when checkpoints exist and none can be read, and at once what is no
  ///   damage (a newer format, no permission): falling back would hide it.
  package static func readNewest(in run: RunDirectory) throws -> Found? {
    var notices: [any Error] = []
    if let last = try readIfIntact(run.lastCheckpoint, &notices) {
      return Found(checkpoint: last, url: run.lastCheckpoint, notices: [])
    }
    var found: Found?
    for url in run.earlierCheckpoints() + [run.bestCheckpoint] {
      guard let checkpoint = try readIfIntact(url, &notices) else { continue }
      if checkpoint.step > found?.checkpoint.step ?? -1 { found = Found(checkpoint: checkpoint, url: url, notices: []) }
    }
    found?.notices = notices.filter { $0 as? SystemError != missing(run.bestCheckpoint) }
    if found == nil, let damage = notices.first(where: { $0 is StoreError }) { throw damage }
    return found
  }

  private static func readIfIntact(_ url: URL, _ notices: inout [any Error]) throws -> Checkpoint? {
    do {
      return try read(url)
    } catch let error as StoreError where error.isDamage {
      notices.append(error)
    } catch let error as SystemError where error == missing(url) {
      notices.append(error)
    }
    return nil
  }

  private static func missing(_ url: URL) -> SystemError { SystemError(file: url.path, action: .read, code: ENOENT) }
}

extension StoreError {
  /// Whether a file's content is not what was written: not a newer format, another run or a lock.
  package var isDamage: Bool {
    if case .damaged = self { true } else { false }
  }
}
