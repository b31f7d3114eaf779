import Foundation

/// A folder that is being filled under a name which nobody reads, `.NAME.UUID` beside its place, and takes the place when
/// it is complete.
///
/// Its writer holds an advisory lock on the folder itself. The system drops it when the writer ends, however it ends: that
/// tells what a killed process left from what a living one is writing. Where the file system has no locks, nothing is
/// removed.
package final class StagedFolder: Sendable {
  /// Where to write.
  package let url: URL
  private let place: URL
  private let descriptor: Int32

  /// Removes what killed writers of the same place left, and makes a new folder, with the parents that are missing.
  ///
  /// - Parameter given: the place; of a link to an empty folder that folder, and the link stays.
  package static func create(for given: URL) throws(SystemError) -> StagedFolder {
    let place = target(of: given)
    removeAbandoned(beside: place)
    let parent = place.deletingLastPathComponent()
    try Folder.create(parent)
    // Somebody else may take the folder for an abandoned one, and remove it, before it is locked.
    for _ in 0..<tries {
      let name = ".\(place.lastPathComponent).\(UUID().uuidString)"
      let url = parent.appendingPathComponent(name, isDirectory: true)
      guard mkdir(url.path, FileMode.folder) == 0 else {
        // Nobody knows the name that it would have had.
        throw SystemError(file: place.path, action: .create, code: errno)
      }
      guard let descriptor = lock(url) else { continue }
      return StagedFolder(url: url, place: place, descriptor: descriptor)
    }
    throw SystemError(file: place.path, action: .create, code: EBUSY)
  }

  private static func target(of place: URL) -> URL {
    guard (try? FileManager.default.destinationOfSymbolicLink(atPath: place.path)) != nil,
      let path = realpath(place.path, nil)
    else { return place }
    defer { free(path) }
    return URL(fileURLWithPath: String(cString: path), isDirectory: true)
  }

  private init(url: URL, place: URL, descriptor: Int32) {
    (self.url, self.place, self.descriptor) = (url, place, descriptor)
  }

  /// What did not take its place is removed.
  deinit {
    try? FileManager.default.removeItem(at: url)
    if descriptor >= 0 { close(descriptor) }
  }

  /// Takes the place. False, and nothing changes, when another process has taken it meanwhile.
  package func takePlace() throws(SystemError) -> Bool {
    if rename(url.path, place.path) == 0 { return true }
    guard errno == EEXIST || errno == ENOTEMPTY else {
      throw SystemError(file: place.path, action: .rename, code: errno)
    }
    return false
  }

  private static let tries = 100

  private static func removeAbandoned(beside place: URL) {
    let parent = place.deletingLastPathComponent()
    for name in (try? Folder.names(in: parent)) ?? [] {
      let prefix = ".\(place.lastPathComponent)."
      guard name.hasPrefix(prefix), UUID(uuidString: String(name.dropFirst(prefix.count))) != nil else { continue }
      let url = parent.appendingPathComponent(name, isDirectory: true)
      guard let descriptor = lock(url), descriptor >= 0 else { continue }
      try? FileManager.default.removeItem(at: url)
      close(descriptor)
    }
  }

  /// A descriptor that holds the lock; -1 where there are no locks; nil when another process holds it or the folder is
  /// gone.
  private static func lock(_ url: URL) -> Int32? {
    let descriptor = open(url.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno == ENOENT ? nil : -1 }
    let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    let isHeld = !isLocked && errno == EWOULDBLOCK
    guard !isHeld, access(url.path, F_OK) == 0 else {
      close(descriptor)
      return nil
    }
    if isLocked { return descriptor }
    close(descriptor)
    return -1
  }
}
