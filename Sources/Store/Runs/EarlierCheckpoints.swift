import Foundation
import System

/// The checkpoints before the last one, to fall back on when it is damaged: `last.previous.h5`, `last.previous-2.h5`, ...
extension RunDirectory {
  /// How many a run may keep.
  package static let earlierCheckpointLimits = 0...99

  /// - Parameter age: 1 for the one before the last.
  package func earlierCheckpoint(_ age: Int) -> URL {
    precondition(age >= 1, "the last checkpoint is no earlier one")
    return file(age == 1 ? "last.previous.h5" : "last.previous-\(age).h5")
  }

  /// Those that are there, the youngest first.
  package func earlierCheckpoints() -> [URL] {
    (1...Self.earlierCheckpointLimits.upperBound).map { earlierCheckpoint($0) }.filter(Self.isThere)
  }

  /// What its checkpoints take on the disk, in bytes.
  package var checkpointBytes: Int {
    ([lastCheckpoint, bestCheckpoint] + earlierCheckpoints()).reduce(0) { sum, file in
      var status = stat()
      return stat(file.path, &status) == 0 ? sum + Int(status.st_size) : sum
    }
  }

  /// Frees the name of the youngest by making each one older; of `limit` the oldest gives way.
  ///
  /// Nothing is renamed when the name is free already: then the last checkpoint was never written, and a disk that stays
  /// full costs none of those that are there.
  package func ageEarlierCheckpoints(keeping limit: Int) throws {
    guard limit > 1 else { return }
    let ages = 1..<limit
    for age in (ages.first { !Self.isThere(earlierCheckpoint($0)) }.map { 1..<$0 } ?? ages).reversed() {
      let (from, to) = (earlierCheckpoint(age), earlierCheckpoint(age + 1))
      guard rename(from.path, to.path) == 0 else {
        throw SystemError(file: to.path, action: .rename, code: errno)
      }
    }
  }

  /// Removes all but the `limit` youngest: none is needed any more when a run is finished.
  package func removeEarlierCheckpoints(keeping limit: Int) throws {
    for url in earlierCheckpoints().dropFirst(limit) {
      guard unlink(url.path) == 0 else { throw SystemError(file: url.path, action: .remove, code: errno) }
    }
  }

  private static func isThere(_ url: URL) -> Bool { access(url.path, F_OK) == 0 }
}
