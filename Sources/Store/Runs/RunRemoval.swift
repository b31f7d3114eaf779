import Foundation
import System

extension Workspace {
  /// What lies in the folder of runs under that name, or is given by its path: a run, what is left of one, or anything else
  /// that got there. Nil when there is nothing.
  package func entry(named name: String) -> RunDirectory? {
    var last = name
    if name.contains("/") {
      let given = URL(fileURLWithPath: name).standardizedFileURL
      let folder = given.deletingLastPathComponent().resolvingSymlinksInPath().path
      guard folder == runsFolder.resolvingSymlinksInPath().path else { return nil }
      last = given.lastPathComponent
    }
    guard !["", ".", ".."].contains(last) else { return nil }
    let entry = RunDirectory(runsFolder.appending(path: last))
    var status = stat()
    return lstat(entry.url.path, &status) == 0 ? entry : nil
  }
}

extension RunDirectory {
  /// Deletes it with everything it holds; of a symbolic link, the link. False when a process trains the run.
  package func remove() throws -> Bool {
    var status = stat()
    guard lstat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      guard unlink(url.path) == 0 else { throw SystemError(file: url.path, action: .remove, code: errno) }
      return true
    }
    guard let lock = try RunLock.acquire(self) else { return false }
    defer { lock.release() }
    do { try FileManager.default.removeItem(at: url) } catch {
      throw SystemError(file: url.path, action: .remove, code: Self.code(error))
    }
    return true
  }

  /// What the system said below Foundation's error.
  private static func code(_ error: any Error) -> Int32 {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    return cause.domain == NSPOSIXErrorDomain ? Int32(cause.code) : EACCES
  }
}
