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

  /// Keeps the folder until the test program ends: for what is made once and read by many tests, since what a static
  /// property holds is never released.
  package func keptUntilExit() -> TemporaryFolder {
    Self.kept.withLock { urls in
      if urls.isEmpty { atexit { TemporaryFolder.removeKept() } }
      urls.append(url)
    }
    return self
  }

  private static let kept = Mutex<[URL]>([])

  private static func removeKept() {
    for url in kept.withLock({ $0 }) { try? FileManager.default.removeItem(at: url) }
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
