import Synchronization
import Volumes

/// Where prepared cases come from: the cache on the disk, or a test's memory.
package protocol CaseSource: Sendable {
  func load(_ name: String) throws -> PreparedCase

  /// The case's truth on its image's own grid.
  func truth(_ name: String) throws -> TruthVolume
}

extension PreparedCache: CaseSource {}

/// Keeps cases that were loaded, as long as they fit: a small dataset is then read once per run, not once per epoch.
package final class CaseShelf: CaseSource {
  private struct Kept {
    var cases: [String: PreparedCase] = [:]
    var bytes = 0
  }

  private let source: any CaseSource
  private let limit: Int
  private let kept = Mutex(Kept())

  /// - Parameter limit: bytes to keep at most; what was loaded first stays.
  package init(_ source: any CaseSource, limit: Int = 512 << 20) { (self.source, self.limit) = (source, limit) }

  package func load(_ name: String) throws -> PreparedCase {
    if let found = kept.withLock({ $0.cases[name] }) { return found }
    let loaded = try source.load(name)
    let bytes =
      loaded.channels.count * loaded.image.values.count * MemoryLayout<Float>.stride + loaded.labels.values.count
    kept.withLock { kept in
      guard kept.cases[name] == nil, kept.bytes + bytes <= limit else { return }
      kept.cases[name] = loaded
      kept.bytes += bytes
    }
    return loaded
  }

  /// Read once per run, so not kept.
  package func truth(_ name: String) throws -> TruthVolume { try source.truth(name) }
}
