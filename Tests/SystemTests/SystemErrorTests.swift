import Foundation
import System
import Testing

/// The words of every refusal: each names the file and what to do.
@Suite struct SystemErrorTests {
  static let cases: [(SystemError, String)] = [
    (
      SystemError(file: "/w/last.h5", action: .write, code: ENOSPC),
      "cannot write /w/last.h5: no space left on device. "
        + "Free disk space, then give the same command again: nothing that was finished is lost."
    ),
    (
      SystemError(file: "/w/last.h5", action: .write, code: EFBIG),
      "cannot write /w/last.h5: file too large. "
        + "Raise the limit on file sizes (ulimit -f), then give the same command again."
    ),
    (
      SystemError(file: "/w", action: .create, code: EACCES),
      "cannot create /w: permission denied. "
        + "Give this user the right to do so (chmod, chown), then give the same command again."
    ),
    (
      SystemError(file: "/sys/w", action: .create, code: EPERM),
      "cannot create /sys/w: operation not permitted. "
        + (getuid() == 0
          ? "Nobody may make files there, as below /sys or in a folder that chattr +i protects: give another path."
          : "Give this user the right to do so (chmod, chown), then give the same command again.")
    ),
    (
      SystemError(file: "/w", action: .lock, code: EROFS),
      "cannot lock /w: read-only file system. Choose a folder on a disk that can be written (--workspace, --output)."
    ),
    (
      SystemError(file: "/w", action: .read, code: ENOENT),
      "cannot read /w: no such file or directory. Check the path: a part of it is missing."
    ),
    (
      SystemError(file: "/f/w", action: .create, code: ENOTDIR),
      "cannot create /f/w: not a directory. A file stands where a folder is needed: give another path."
    ),
    (
      SystemError(file: "/w", action: .list, code: EMFILE),
      "cannot list /w: too many open files. "
        + "Raise the limit on open files (ulimit -n), then give the same command again."
    ),
    (
      SystemError(file: "/w", action: .synchronize, code: EIO),
      "cannot synchronize /w: input/output error. "
        + "The disk reports an error: check it (dmesg) and copy the workspace away."
    ),
    (
      SystemError(file: "/w/run.lock", action: .lock, code: ENOLCK),
      "cannot lock /w/run.lock: no locks available. " + noLocks
    ),
    (
      SystemError(file: "/w/run.lock", action: .lock, code: ENOSYS),
      "cannot lock /w/run.lock: function not implemented. " + noLocks
    ),
    (
      SystemError(file: "/w/run.lock", action: .lock, code: EINVAL),
      "cannot lock /w/run.lock: invalid argument. " + noLocks
    ),
    (
      SystemError(file: "/w/last.h5", action: .read, code: ENOMEM),
      "cannot read /w/last.h5: cannot allocate memory. "
        + "Memory ran out: give fewer --jobs, or end other programs, then give the same command again."
    ),
    (
      SystemError(file: "/w/plan.json", action: .read, code: SystemError.noPlainFile),
      "cannot read /w/plan.json: not a plain file. Move away what stands there."
    ),
    (
      SystemError(file: "/data/results", action: .read, code: EISDIR),
      "cannot read /data/results: is a directory. Give a file in its place."
    ),
    (
      SystemError(file: "/w/best.h5", action: .rename, code: EISDIR),
      "cannot rename /w/best.h5: is a directory. Move away what stands there."
    ),
    (
      SystemError(file: "/w/aa", action: .create, code: ENAMETOOLONG),
      "cannot create /w/aa: file name too long. Give a shorter name: a file system takes 255 bytes for each."
    ),
    (
      SystemError(file: "/w", action: .rename, code: EBUSY),
      "cannot rename /w: device or resource busy. Give the same command again once this is repaired."
    ),
  ]

  private static let noLocks =
    "This file system has no file locks, without which two programs could train one run: give a folder on another disk "
    + "with --workspace, or mount this one with locks (NFS: a running lockd, or local_lock=all; Lustre: flock)."

  @Test(arguments: cases) func words(error: SystemError, expected: String) { #expect("\(error)" == expected) }

  @Test func aLinkThatLeadsNowhereIsNamed() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let link = folder.appendingPathComponent("Reports").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/nowhere/r")
    #expect(
      SystemError(file: link, action: .create, code: ENOENT).remedy
        == "\(link) is a link to /nowhere/r, which is not there: make that, remove the link, or give another path.")
    let loop = folder.appendingPathComponent("loop").path
    try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: "loop")
    #expect(
      SystemError(file: loop + "/runs", action: .create, code: ELOOP).remedy
        == "\(loop) is a link that leads in a circle: remove it, or give another path.")
    // A lock is taken through no link.
    #expect(SystemError(file: loop, action: .lock, code: ELOOP).remedy.hasPrefix("Remove the link that stands there"))
    #expect(
      SystemError(file: link + "/a/b", action: .create, code: ENOENT).remedy
        == "\(link) is a link to /nowhere/r, which is not there: make that, remove the link, or give another path.")
  }
}
