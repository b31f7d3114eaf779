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
    let image = try StoreError.content(of: url, .write) {
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
    return try StoreError.content(of: url, .read) {
      try HDF5.read(image) { root in
        guard try root.attribute("plan_identity") == header.planIdentity else {
          throw HDF5.Failure(operation: "plan_identity", words: "it differs from the header's")
        }
        return try body(header, root)
      }
    }
  }

  private static func image(of url: URL, kind: Kind) throws -> (guard: GuardedFile, image: Data) {
    let header = try checkLength(of: url, kind: kind)
    let image = try Descriptor.contents(of: url).dropFirst(blockLength)
    guard image.count == header.bytes, digest(image) == header.sha256 else {
      throw StoreError.damaged(file: url.path, .checksum)
    }
    return (header, image)
  }

  /// Whose file it is, and that it is as long as it says: before so much is read.
  @discardableResult
  static func checkLength(of url: URL, kind: Kind) throws -> GuardedFile {
    let header = try header(of: url, kind: kind)
    let bytes = Int(try Descriptor(url.path, O_RDONLY | O_NONBLOCK, action: .read).status().st_size)
    let (expected, overflow) = header.bytes.addingReportingOverflow(blockLength)
    if overflow || bytes < expected {
      throw StoreError.damaged(file: url.path, .tooShort(bytes: bytes, expected: overflow ? .max : expected))
    }
    if bytes > expected { throw StoreError.damaged(file: url.path, .tooLong(bytes: bytes, expected: expected)) }
    return header
  }

  /// Verifies every bit of a file without opening it.
  static func checkContent(of url: URL, kind: Kind) throws -> GuardedFile { try image(of: url, kind: kind).guard }

  init(kind: Kind, planIdentity: String, image: Data) {
    self.init(kind: kind, planIdentity: planIdentity, bytes: image.count, sha256: Self.digest(image))
  }

  package static func digest(_ bytes: Data) -> String {
    SHA256.hash(data: bytes).hex
  }
}

extension StoreError {
  /// Turns what libhdf5 or a check of the content found into this store's error about `file`; what memory was lacking for is
  /// no damage.
  static func content<T>(of file: URL, _ action: SystemError.Action, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let failure as HDF5.Failure {
      if failure.isLack { throw SystemError(file: file.path, action: action, code: ENOMEM) }
      throw StoreError.damaged(file: file.path, .content("\(failure.operation): \(failure.words)"))
    }
  }
}
