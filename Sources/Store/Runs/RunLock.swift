import Foundation
import System

/// A run's lease: two workers never train one run.
///
/// The lock's file holds the holder's name, its modification time is the heartbeat, and it is never removed.
package final class RunLock: Sendable {
  private let lock: FileLock

  private init(_ lock: FileLock) { self.lock = lock }

  /// `nil` when another process (or another part of this one) holds it. Whoever gets it is the directory's only writer:
  /// what killed writers left is removed.
  package static func acquire(_ run: RunDirectory) throws -> RunLock? {
    guard let lock = try acquire(run.lockFile) else { return nil }
    try StagedFile.removeOrphans(in: run.url)
    return lock
  }

  static func acquire(_ url: URL) throws -> RunLock? {
    guard let lock = try FileLock.acquire(url) else { return nil }
    try lock.write(JSONEncoder().encode(LockHolder.current))
    return RunLock(lock)
  }

  /// Gives it up early; otherwise its end of life does.
  package func release() { lock.release() }

  /// Says that the holder still works; call it about once a step.
  package func heartbeat() { lock.touch() }
}

/// What others see of a run's lock.
package struct LockProbe: Equatable, Sendable {
  package var isHeld: Bool
  /// The last holder, even if it is gone.
  package var holder: LockHolder?
  /// When the holder last said that it works.
  package var heartbeat: Date?
}

extension RunLock {
  /// Whether somebody holds it.
  package static func isHeld(_ run: RunDirectory) throws -> Bool { try FileLock.probe(run.lockFile)?.isHeld ?? false }

  /// Looks without taking: never makes another process's `acquire` fail.
  package static func probe(_ run: RunDirectory) throws -> LockProbe {
    guard let probe = try FileLock.probe(run.lockFile) else { return LockProbe(isHeld: false) }
    let holder = try? JSONDecoder().decode(LockHolder.self, from: probe.content)
    return LockProbe(isHeld: probe.isHeld, holder: holder, heartbeat: probe.modified)
  }
}
