import Crypto
import Foundation
import System

/// Files with a guard: built in memory, written in one step; verified as a whole, then opened.
extension GuardedFile {
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
    guard try staged.holds(parts) else { throw StoreError.damaged(file: staged.temporary, .checksum) }
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
    let header = try GuardedFile(block: data.prefix(blockLength), kind: kind, file: url.path)
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

  init(kind: Kind, planIdentity: String, image: Data) {
    self.init(kind: kind, planIdentity: planIdentity, bytes: image.count, sha256: Self.digest(image))
  }

  package static func digest(_ bytes: Data) -> String {
    SHA256.hash(data: bytes).hex
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
