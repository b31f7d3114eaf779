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
  package var reason: String {
    switch code {
    case Self.noPlainFile: "Not a plain file"
    case Self.notUTF8: "Its name is not UTF-8"
    default: String(cString: strerror(code))
    }
  }

  /// In the place of an `errno`: a folder, a device or a pipe stands where a file was expected.
  package static let noPlainFile: Int32 = -1
  /// In the place of an `errno`: a name of bytes that are no text, which no experiment could write.
  package static let notUTF8: Int32 = -2

  /// Whether that `errno`, of an attempt to lock a file, says that the file system cannot do it at all: NFS without lockd,
  /// Lustre without flock, some FUSE file systems.
  package static func hasNoLocks(_ code: Int32) -> Bool {
    [ENOLCK, ENOSYS, EINVAL, ENOTSUP, EOPNOTSUPP].contains(code)
  }

  /// Whether the system lacked something, which says nothing about the file: memory, descriptors, a right, a lock.
  package var isLack: Bool { code != ENOENT && code != Self.noPlainFile }

  /// Whether it is about what stands at that path, so that other files may be read all the same: a link to itself, a folder, a
  /// file of somebody else.
  package var isOfOneFile: Bool { [Self.noPlainFile, ELOOP, EISDIR, EACCES, EPERM].contains(code) }
}

extension SystemError: CustomStringConvertible {
  package var description: String { "\(finding). \(remedy)" }

  /// What was refused, without how to go on.
  package var finding: String { "cannot \(action.rawValue) \(file): \(reason.lowercased())" }

  /// How to go on.
  package var remedy: String {
    if action == .lock, Self.hasNoLocks(code) {
      return
        "This file system has no file locks, without which two programs could train one run: give a folder on another "
        + "disk with --workspace, or mount this one with locks (NFS: a running lockd, or local_lock=all; Lustre: flock)."
    }
    if let linkRemedy { return linkRemedy }
    switch code {
    // What was to be read may be a folder that somebody named by mistake, and is to stay.
    case EISDIR where action == .read: return "Give a file in its place."
    case Self.noPlainFile, EISDIR: return "Move away what stands there."
    case ELOOP: return "Remove the link that stands there: what it points to is left alone."
    case Self.notUTF8: return "Rename it, or move it away."
    case ENAMETOOLONG: return "Give a shorter name: a file system takes 255 bytes for each."
    case ENOMEM: return "Memory ran out: give fewer --jobs, or end other programs, then give the same command again."
    case ENOSPC, EDQUOT: return "Free disk space, then give the same command again: nothing that was finished is lost."
    case EFBIG: return "Raise the limit on file sizes (ulimit -f), then give the same command again."
    case EPERM where action == .create && geteuid() == 0:
      return "Nobody may make files there, as below /sys or in a folder that chattr +i protects: give another path."
    case EACCES, EPERM: return "Give this user the right to do so (chmod, chown), then give the same command again."
    case EROFS: return "Choose a folder on a disk that can be written (--workspace, --output)."
    case ENOENT where action == .create && hasFolder:
      return "Its folder takes no new files, as those below /proc and /sys: give another path."
    case ENOENT: return "Check the path: a part of it is missing."
    case ENOTDIR: return blockRemedy
    case EMFILE, ENFILE: return "Raise the limit on open files (ulimit -n), then give the same command again."
    case EIO: return "The disk reports an error: check it (dmesg) and copy the workspace away."
    default: return "Give the same command again once this is repaired."
    }
  }

  /// The remedy as the last part of a sentence.
  package var advice: String { remedy.prefix(1).lowercased() + remedy.dropFirst().dropLast() }

  private var url: URL { URL(fileURLWithPath: file) }

  private var hasFolder: Bool {
    var status = stat()
    return stat(url.deletingLastPathComponent().path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Of a dead link at the path, or on the way to it. A lock is never taken through a link, wherever it leads.
  private var linkRemedy: String? {
    guard [ENOENT, ENOTDIR, ELOOP].contains(code), action != .lock else { return nil }
    return DeadLink(at: url).map { "\($0.words): \($0.remedy())." }
  }

  private var blockRemedy: String {
    guard let blocked = BlockedPath(url) else { return "A file stands where a folder is needed: give another path." }
    let advice =
      switch action {
      case .read: "correct the path"
      case .list: "give a folder in its place"
      default: blocked.remedy
      }
    return "\(blocked.words): \(advice)."
  }
}
