import Foundation

/// The system refused to do something with a file.
package struct SystemError: Error, Equatable, Sendable {
  package enum Action: String, Equatable, Sendable {
    case create, write, synchronize, verify, rename, read, list, lock, remove, truncate
  }

  package var file: String
  package var action: Action
  /// Its `errno`.
  package var code: Int32

  package init(file: String, action: Action, code: Int32) { (self.file, self.action, self.code) = (file, action, code) }

  /// What the system says: "No such file or directory".
  package var reason: String { String(cString: strerror(code)) }
}

extension SystemError: CustomStringConvertible {
  package var description: String { "cannot \(action.rawValue) \(file): \(reason.lowercased()). \(remedy)" }

  private var remedy: String {
    switch code {
    case ENOSPC, EDQUOT: "Free disk space, then give the same command again: nothing that was finished is lost."
    case EFBIG: "Raise the limit on file sizes (ulimit -f), then give the same command again."
    case EACCES, EPERM: "Give this user the right to do so (chmod, chown), then give the same command again."
    case EROFS: "Choose a workspace on a disk that can be written (--workspace)."
    case ENOENT, ENOTDIR: "Check the path: a part of it is missing."
    case EMFILE, ENFILE: "Raise the limit on open files (ulimit -n), then give the same command again."
    case EIO: "The disk reports an error: check it (dmesg) and copy the workspace away."
    default: "Give the same command again once this is repaired."
    }
  }
}
