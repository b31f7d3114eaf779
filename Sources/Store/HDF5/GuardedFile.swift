import Crypto
import Foundation

/// An HDF5 file behind a guard that finds every changed bit before libhdf5 sees the file.
///
/// The first 512 bytes are HDF5's user block (h5py, h5dump and MATLAB skip it) and hold text, padded with zeros:
///
///     safnet checkpoint 1
///     plan 0123...            SHA-256 of the canonical plan
///     bytes 81234567          of the HDF5 file behind this block
///     sha256 89ab...          of those bytes
///     crc32 01234567          of the lines above
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

  init(kind: Kind, planIdentity: String, image: Data) {
    precondition(Self.isDigest(planIdentity), "a plan's identity is 64 hexadecimal digits, not '\(planIdentity)'")
    (self.kind, self.planIdentity) = (kind, planIdentity)
    (bytes, sha256) = (image.count, Self.digest(image))
  }

  /// The user block.
  var block: Data {
    let lines = "safnet \(kind.rawValue) \(Self.format)\nplan \(planIdentity)\nbytes \(bytes)\nsha256 \(sha256)\n"
    let text = lines + "crc32 \(CRC32.of(lines.utf8).hexadecimal)\n"
    return Data(text.utf8) + Data(count: Self.blockLength - text.utf8.count)
  }

  /// Reads the guard only: whose file it is, without reading the rest.
  package static func header(of url: URL, kind: Kind) throws -> GuardedFile {
    try GuardedFile(Descriptor.contents(of: url, limit: blockLength), kind: kind, file: url.path)
  }

  /// Writes an HDF5 file with its guard: beside its place, synced, read back, renamed.
  ///
  /// - Parameter previous: the name under which the file that was there stays.
  static func write(
    _ kind: Kind, planIdentity: String, to url: URL, keeping previous: URL? = nil, _ build: (HDF5Group) throws -> Void
  ) throws {
    let image = try StoreError.content(of: url) {
      try HDF5.image { root in
        try root.setAttribute("plan_identity", planIdentity)
        try build(root)
      }
    }
    let parts = [GuardedFile(kind: kind, planIdentity: planIdentity, image: image).block, image]
    let staged = try StagedFile(parts, for: url)
    try staged.verify(parts)
    try staged.commit(keeping: previous)
  }

  /// Verifies every bit of a file, then opens it.
  static func read<T>(_ kind: Kind, _ url: URL, _ body: (GuardedFile, HDF5Group) throws -> T) throws -> T {
    let (header, image) = try image(of: url, kind: kind)
    return try StoreError.content(of: url) {
      try HDF5.read(image) { root in
        guard try root.attribute("plan_identity") == header.planIdentity else {
          throw HDF5.Failure(operation: "plan_identity", words: "it differs from the header's")
        }
        return try body(header, root)
      }
    }
  }

  private static func image(of url: URL, kind: Kind) throws -> (guard: GuardedFile, image: Data) {
    let data = try Descriptor.contents(of: url)
    let header = try GuardedFile(data.prefix(blockLength), kind: kind, file: url.path)
    let image = Data(data.dropFirst(blockLength))
    if image.count < header.bytes {
      throw StoreError.damaged(file: url.path, .tooShort(bytes: data.count, expected: blockLength + header.bytes))
    }
    if image.count > header.bytes {
      throw StoreError.damaged(file: url.path, .tooLong(bytes: data.count, expected: blockLength + header.bytes))
    }
    guard digest(image) == header.sha256 else { throw StoreError.damaged(file: url.path, .checksum) }
    return (header, image)
  }

  private init(_ block: Data, kind: Kind, file: String) throws {
    let lines = String(decoding: block, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    let first = (lines.first ?? "").split(separator: " ")
    guard first.count == 3, first[0] == "safnet", first[1] == kind.rawValue, let format = Int(first[2]) else {
      throw StoreError.damaged(file: file, .notOurs(expected: kind.rawValue))
    }
    guard format <= Self.format else { throw StoreError.newerFormat(file: file, found: format, known: Self.format) }
    guard block.count == Self.blockLength else {
      throw StoreError.damaged(file: file, .tooShort(bytes: block.count, expected: Self.blockLength))
    }
    let fields = lines.dropFirst().map { $0.split(separator: " ").map(String.init) }
    guard fields.count == 5, fields[0].count == 2, fields[1].count == 2, fields[2].count == 2,
      Self.isDigest(fields[0][1]), Self.isDigest(fields[2][1]), let bytes = Int(fields[1][1]), bytes >= 0
    else { throw StoreError.damaged(file: file, .header) }
    (self.kind, planIdentity, self.bytes, sha256) = (kind, fields[0][1], bytes, fields[2][1])
    guard self.block == block else { throw StoreError.damaged(file: file, .header) }
  }

  package static func digest(_ bytes: Data) -> String {
    SHA256.hash(data: bytes).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }

  static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}

extension StoreError {
  /// Turns what libhdf5 or a check of the content found into this store's error about `file`.
  static func content<T>(of file: URL, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let failure as HDF5.Failure {
      throw StoreError.damaged(file: file.path, .content("\(failure.operation): \(failure.words)"))
    }
  }
}
