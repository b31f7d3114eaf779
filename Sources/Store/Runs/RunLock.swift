import Foundation
import Synchronization
import System

/// A run's lease: two workers never train one run.
///
/// The lock's file holds the holder's name, its modification time is the heartbeat, and it is never removed; where somebody
/// has done so, the holder puts it back.
package final class RunLock: Sendable {
  private let held: Mutex<FileLock>
  private let file: URL
  /// What the file holds: this process.
  private let holder: Data

  private init(_ lock: FileLock, _ file: URL, holder: Data) {
    held = Mutex(lock)
    (self.file, self.holder) = (file, holder)
  }

  /// `nil` when another process (or another part of this one) holds it. Whoever gets it is the directory's only writer:
  /// what killed writers left is removed.
  package static func acquire(_ run: RunDirectory) throws -> RunLock? {
    guard let lock = try acquire(run.lockFile) else { return nil }
    try StagedFile.removeOrphans(in: run.url)
    return lock
  }

  static func acquire(_ url: URL) throws -> RunLock? {
    let holder = try JSONEncoder().encode(LockHolder.current)
    return try named(url, holder).map { RunLock($0, url, holder: holder) }
  }

  /// The lock, with its holder's name in it.
  private static func named(_ url: URL, _ holder: Data) throws -> FileLock? {
    let lock = try FileLock.acquire(url)
    try lock?.write(holder)
    return lock
  }

  /// Gives it up early; otherwise its end of life does.
  package func release() { held.withLock { $0.release() } }

  /// Says that the holder still works; call it about once a step.
  ///
  /// - Throws: `StoreError.removed` where the run's folder is no run's any more, and `locked` where another has the run since
  ///   the lock's file was removed: nothing may be written then.
  package func heartbeat() throws {
    let isLost = held.withLock { lock in
      let isInPlace = lock.isInPlace
      if isInPlace { lock.touch(holding: holder) }
      return !isInPlace
    }
    if isLost { try putBack() }
  }

  private func putBack() throws {
    let run = RunDirectory(file.deletingLastPathComponent())
    if run.isRemoved { throw StoreError.removed(folder: run.url.path) }
    if let again = try Self.named(file, holder) {
      return held.withLock { lock in
        lock.release()
        lock = again
      }
    }
    let found = try RunLock.probe(run).holder
    // Some network file systems give an open file another number than its place.
    if found?.pid != Int(getpid()) || found?.isHere != true {
      throw StoreError.locked(file: file.path, holder: found)
    }
  }
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
