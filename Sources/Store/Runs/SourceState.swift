import Foundation
import System

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

  /// Seconds that Git may take for an answer: on a slow disk a sweep starts without it.
  private static let limit = 10.0

  package var description: String { "commit \(commit.prefix(12))\(isModified ? " with changes" : "")" }

  /// What Git printed, without the end of the line; nil when it failed, or took too long.
  private static func git(_ arguments: [String], in folder: URL) -> String? {
    guard let (output, end) = try? ChildProcess.run("git", ["-C", folder.path] + arguments, seconds: limit),
      end == .exited(code: 0)
    else { return nil }
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}
