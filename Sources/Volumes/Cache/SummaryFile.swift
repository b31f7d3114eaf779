import Crypto
import Foundation
import System

/// `summary.json` of a prepared dataset: one line of JSON and, on a second one, its SHA-256.
///
/// Folds are balanced by what it says, so a changed bit must not pass for another dataset.
enum SummaryFile {
  static func encode(_ summary: CacheSummary) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let line = try encoder.encode(summary)
    return line + Data("\n\(SHA256.hash(data: line).hex)\n".utf8)
  }

  /// Nil for anything but what `encode` wrote, bit for bit.
  static func decode(_ data: Data) -> CacheSummary? {
    guard let end = data.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = data[..<end]
    guard data[end...] == Data("\n\(SHA256.hash(data: line).hex)\n".utf8) else { return nil }
    return try? JSONDecoder().decode(CacheSummary.self, from: line)
  }
}
