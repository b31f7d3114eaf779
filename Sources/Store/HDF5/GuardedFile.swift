import Foundation
import System

/// The guard of an HDF5 file, with which every changed bit is found before libhdf5 sees the file.
///
/// The first 512 bytes are HDF5's user block (h5py, h5dump and MATLAB skip it) and hold text, padded with zeros:
///
///     safnet checkpoint 1
///     plan 0123...            SHA-256 of the canonical plan
///     bytes 81234567          of the HDF5 file behind this block
///     sha256 89ab...          of those bytes
///     crc32 01234567          of the lines above: the last line in every format
///
/// The block has exactly one valid spelling. The plan's identity is also the root's attribute `plan_identity`.
package struct GuardedFile: Equatable, Sendable {
  package enum Kind: String, Sendable { case checkpoint, evaluation }

  package var kind: Kind
  package var planIdentity: String
  package var bytes: Int
  package var sha256: String

  package static let format = 1
  package static let blockLength = 512

  init(kind: Kind, planIdentity: String, bytes: Int, sha256: String) {
    precondition(Self.isDigest(planIdentity), "a plan's identity is 64 hexadecimal digits, not '\(planIdentity)'")
    (self.kind, self.planIdentity, self.bytes, self.sha256) = (kind, planIdentity, bytes, sha256)
  }

  /// The user block.
  var block: Data {
    let lines = "safnet \(kind.rawValue) \(Self.format)\nplan \(planIdentity)\nbytes \(bytes)\nsha256 \(sha256)\n"
    let text = Data(lines.utf8) + Self.seal(of: Data(lines.utf8))
    return text + Data(count: Self.blockLength - text.count)
  }

  /// Reads the guard only: whose file it is, without reading the rest.
  package static func header(of url: URL, kind: Kind) throws -> GuardedFile {
    try GuardedFile(block: Descriptor.contents(of: url, limit: blockLength), kind: kind, file: url.path)
  }

  init(block: Data, kind: Kind, file: String) throws {
    let lines = String(decoding: block, as: UTF8.self).split(separator: "\n").map { $0.split(separator: " ") }
    guard let first = lines.first, first.count == 3, first[0] == "safnet", first[1] == kind.rawValue else {
      throw StoreError.damaged(file: file, .notOurs(expected: kind.rawValue))
    }
    guard block.count == Self.blockLength else {
      throw StoreError.damaged(file: file, .tooShort(bytes: block.count, expected: Self.blockLength))
    }
    guard Self.isSealed(block) else { throw StoreError.damaged(file: file, .header) }
    if let format = Int(first[2]), format > Self.format {
      throw StoreError.newerFormat(file: file, found: format, known: Self.format)
    }
    let values = lines.dropFirst().map { $0.count == 2 ? String($0[1]) : "" }
    guard values.count >= 3, Self.isDigest(values[0]), let bytes = Int(values[1]), bytes >= 0,
      Self.isDigest(values[2])
    else {
      throw StoreError.damaged(file: file, .header)
    }
    self.init(kind: kind, planIdentity: values[0], bytes: bytes, sha256: values[2])
    guard self.block == block else { throw StoreError.damaged(file: file, .header) }
  }

  private static func seal(of lines: Data) -> Data { Data("crc32 \(CRC32.of(lines).hexadecimal)\n".utf8) }

  /// Whether the text of a block ends with its own checksum: damage is then no explanation for a strange format.
  private static func isSealed(_ block: Data) -> Bool {
    let text = block.prefix { $0 != 0 }
    let lines = text.dropLast("crc32 01234567\n".utf8.count)
    return text.dropFirst(lines.count) == seal(of: lines)
  }

  static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
