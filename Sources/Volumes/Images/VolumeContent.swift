import Foundation
import System

/// A volume together with the hash of the very bytes that it was read from.
package struct VolumeContent: Sendable {
  package let volume: Volume
  /// SHA-256 (hex) of the file; of a header/image pair both, with a plus between.
  package let digest: String

  /// - Throws: what is wrong with the file, also that it changed while it was read.
  package init(_ file: URL) throws(DatasetErrors) {
    let before = Self.stamps(file)
    do { volume = try NIfTI.read(file) } catch { throw DatasetErrors([.volume(error)]) }
    digest = try DatasetContents.hash(ofVolume: file)
    guard Self.stamps(file) == before else { throw DatasetErrors([.volume(.changedWhileRead(file: file.path))]) }
  }

  private static func stamps(_ file: URL) -> [FileStamp?] {
    DatasetContents.files(ofVolume: file).map { FileStamp($0) }
  }
}
