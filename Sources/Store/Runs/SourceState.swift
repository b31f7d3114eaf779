import Foundation

/// The checkout of safnet's sources that a program was built in, as it is now: Git's commit, and whether tracked files
/// differ from it. (A program that was built before the last change is older than this says.)
package struct SourceState: Codable, Equatable, Sendable, CustomStringConvertible {
  package var commit: String
  package var isModified: Bool

  package init(commit: String, isModified: Bool) { (self.commit, self.isModified) = (commit, isModified) }

  /// Nil when `program` is in no checkout of safnet, or Git is not installed.
  package init?(of program: URL) {
    let folder = program.deletingLastPathComponent()
    guard let top = Self.git(["rev-parse", "--show-toplevel"], in: folder),
      access(top + "/Sources/safnet", F_OK) == 0,
      let commit = Self.git(["rev-parse", "HEAD"], in: folder),
      let changes = Self.git(["status", "--porcelain", "--untracked-files=no"], in: URL(filePath: top))
    else { return nil }
    self.init(commit: commit, isModified: !changes.isEmpty)
  }

  package var description: String { "commit \(commit.prefix(12))\(isModified ? " with changes" : "")" }

  /// What Git printed, without the end of the line; nil when it failed.
  private static func git(_ arguments: [String], in folder: URL) -> String? {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder.path] + arguments
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? text.trimmingCharacters(in: .newlines) : nil
  }
}
