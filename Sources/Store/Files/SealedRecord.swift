import Foundation
import System

/// A record of plain indented JSON in a file of its own, sealed like a journal's line.
enum SealedRecord {
  /// Of a hundred thousand cases a record takes a fifth.
  private static let longest = 64 << 20

  static func write(_ json: Data, to url: URL) throws {
    try AtomicFile.write(SealedText.seal(json) + Data("\n".utf8), to: url)
  }

  /// The whole file, after a check of its length, its seal and its format.
  ///
  /// - Parameter known: the latest format that this program reads.
  static func read(_ url: URL, format known: Int) throws -> Data {
    let data = try Descriptor.contents(of: url, limit: longest + 1)
    guard data.count <= longest else {
      throw StoreError.damaged(file: url.path, .tooLong(bytes: data.count, expected: longest))
    }
    guard data.last == UInt8(ascii: "\n"), SealedText.isIntact(data.dropLast()) else {
      throw StoreError.damaged(file: url.path, .checksum)
    }
    struct Head: Decodable { var format: Int }
    if let head = try? JSONDecoder().decode(Head.self, from: data), head.format > known {
      throw StoreError.newerFormat(file: url.path, found: head.format, known: known)
    }
    return data
  }

  /// Of dates as `IndentedJSON` writes them.
  static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return decoder
  }
}
