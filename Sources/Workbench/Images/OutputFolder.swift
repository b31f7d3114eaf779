import Foundation
import System
import Volumes

/// The folder in which a new file is to lie.
enum OutputFolder {
  /// - Parameter file: as it was given.
  /// - Throws: `UsageError.noFolder` where it is missing, what stands in its place where something does.
  static func require(for file: String, at place: URL) throws {
    let folder = place.deletingLastPathComponent()
    guard !VolumeList.isFolder(folder) else { return }
    do { try Folder.checkCreation(folder) } catch  where error.code == ENOTDIR { throw error } catch {}
    throw UsageError.noFolder(file: file, folder: folder.path)
  }
}
