import Foundation
import System
import Volumes

/// Where a command is to write, by one rule for all of them: it is looked at before any work is done.
///
/// A link that leads to nothing is refused wherever it stands. What is written would take the link's own place, and not lie
/// where its owner believes it to lie. So is `-`.
package enum OutputPlace {
  /// A file, whose folder must be there.
  ///
  /// - Parameters:
  ///   - given: as it was typed.
  ///   - place: what that leads to.
  /// - Throws: `StreamForOutput`; `AddressForOutput`; `UsageError` for a dead link and where the folder is missing; what the
  ///   system says of a file in a folder's place, and of a folder that may not be written in.
  package static func requireFile(_ given: String, at place: URL) throws {
    // A device, a pipe.
    let isSpecial = BlockedPath(place).map { $0.file == place.path && !$0.isMovable } ?? false
    if given == stream || isSpecial { throw StreamForOutput(given, isFolder: false) }
    if let address = AddressForOutput(given) { throw address }
    try refuseDeadLink(given, at: place, makesNew: true)
    let folder = place.deletingLastPathComponent()
    let isThere = VolumeList.isFolder(folder)
    do { try Folder.checkCreation(folder) } catch  where isThere || error.code == ENOTDIR { throw error } catch {}
    guard isThere else { throw UsageError.noFolder(file: given, folder: folder.path) }
  }

  /// A folder, which is made with those above it, or filled.
  ///
  /// - Parameter makesNew: whether nothing may be there.
  package static func requireFolder(_ given: String, at place: URL, makesNew: Bool = false) throws {
    try requireFolderName(given)
    try refuseDeadLink(given, at: place, makesNew: makesNew)
    try Folder.checkCreation(place)
  }

  /// As far as the name of a folder tells.
  package static func requireFolderName(_ given: String) throws {
    if given == stream { throw StreamForOutput(given, isFolder: true) }
    if let address = AddressForOutput(given) { throw address }
  }

  /// How other programs call standard output.
  package static let stream = "-"

  /// - Parameter makesNew: whether nothing may be there.
  static func refuseDeadLink(_ given: String, at place: URL, makesNew: Bool) throws(UsageError) {
    guard let link = DeadLink(at: place) else { return }
    // A folder on the way may be there.
    let isItself = link.link == place.absoluteURL.path
    throw .deadOutput(output: given, words: link.words, remedy: link.remedy(makesNew: makesNew && isItself))
  }
}

/// `-` in the place of a name, which is standard output to other programs, or a device that is no file.
package struct StreamForOutput: Error, Equatable, CustomStringConvertible {
  private let given: String
  private let isFolder: Bool

  /// - Parameters:
  ///   - given: as it was typed.
  ///   - isFolder: whether a folder of files would be written.
  package init(_ given: String, isFolder: Bool) { (self.given, self.isFolder) = (given, isFolder) }

  package var description: String {
    isFolder
      ? "\(given): a folder of files is written here, and none of it goes to standard output; give the folder a name."
      : "\(given): a file is written here, and it does not go to standard output or a device; give the file a name."
  }
}
