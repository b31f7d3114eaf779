import Foundation
import Synchronization

/// A new folder that goes when its owner goes.
package final class TemporaryFolder: Sendable {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "safnet-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  package func file(_ name: String) -> URL { url.appending(path: name) }

  package func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name).path) }

  /// Writes bytes under a name, making folders on the way.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) throws -> URL {
    let file = file(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file
  }

  @discardableResult
  package func write(_ name: String, _ text: String) throws -> URL { try write(name, Array(text.utf8)) }

  /// Keeps the folder until the test program ends, for what is made once and read by many tests.
  package func keptUntilExit() -> TemporaryFolder {
    Self.kept.withLock { folders in
      if folders.isEmpty { atexit { TemporaryFolder.removeKept() } }
      folders.append(self)
    }
    return self
  }

  /// Held here, so that no owner's end removes them earlier.
  private static let kept = Mutex<[TemporaryFolder]>([])

  private static func removeKept() {
    for folder in kept.withLock({ $0 }) { try? FileManager.default.removeItem(at: folder.url) }
  }
}

/// A folder of its own for one test, removed at its end.
package func withTemporaryFolder<T>(_ body: (URL) throws -> T) throws -> T {
  let folder = try TemporaryFolder()
  return try withExtendedLifetime(folder) { try body(folder.url) }
}

package func withTemporaryFolder<T>(_ body: (URL) async throws -> T) async throws -> T {
  let folder = try TemporaryFolder()
  defer { withExtendedLifetime(folder) {} }
  return try await body(folder.url)
}
