import Crypto
import Foundation
import System

/// `summary.json` of a prepared dataset: one line of JSON and, on a second one, its SHA-256.
///
/// Folds are balanced by what it says, so a changed bit, or another dataset's summary, must not pass for this one's.
enum SummaryFile {
  private struct Content: Codable {
    /// The cache's: whose it is.
    var key: String
    var cases: [CaseFacts]
  }

  /// What programs wrote before it said whose it is.
  private struct EarlierContent: Codable {
    struct Case: Codable {
      var name: String
      var present: [Bool]
    }

    var cases: [Case]
    var key: String?
  }

  static func encode(_ summary: CacheSummary, key: String) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let line = try encoder.encode(Content(key: key, cases: summary.cases))
    return line + Data("\n\(SHA256.hash(data: line).hex)\n".utf8)
  }

  /// Nil for anything but what `encode` wrote for this key, bit for bit.
  static func decode(_ data: Data, key: String) -> CacheSummary? {
    guard let content = sealed(data, as: Content.self), content.key == key else { return nil }
    return CacheSummary(cases: content.cases)
  }

  /// Case name to structures present, of an earlier program's summary; whose it is must be checked otherwise.
  static func decodeEarlier(_ data: Data) -> [String: [Bool]]? {
    guard let content = sealed(data, as: EarlierContent.self), content.key == nil else { return nil }
    return Dictionary(content.cases.map { ($0.name, $0.present) }, uniquingKeysWith: { first, _ in first })
  }

  private static func sealed<T: Decodable>(_ data: Data, as type: T.Type) -> T? {
    guard let end = data.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = data[..<end]
    guard data[end...] == Data("\n\(SHA256.hash(data: line).hex)\n".utf8) else { return nil }
    return try? JSONDecoder().decode(type, from: line)
  }
}
