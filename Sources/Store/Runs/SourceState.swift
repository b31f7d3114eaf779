import Foundation
import System

/// The checkout of safnet's sources that a program was built in, as it is now: Git's commit, and whether tracked files
/// differ from it. (A program that was built before the last change is older than this says.)
package struct SourceState: Codable, Equatable, Sendable, CustomStringConvertible {
  package var commit: String
  package var isModified: Bool

  package init(commit: String, isModified: Bool) { (self.commit, self.isModified) = (commit, isModified) }

  /// What Git says of the checkout that `program` is in; no state when it is in none of safnet, or Git is not installed.
  ///
  /// - Parameter seconds: what Git may take for an answer: on a slow disk a sweep starts without it, and `isLate` says so.
  package static func look(at program: URL, seconds: Double = 10) -> (state: SourceState?, isLate: Bool) {
    let git = Git(seconds: seconds)
    let folder = program.deletingLastPathComponent()
    do {
      guard let top = try git.answer(["rev-parse", "--show-toplevel"], in: folder),
        access(top + "/Sources/safnet", F_OK) == 0,
        let commit = try git.answer(["rev-parse", "HEAD"], in: folder),
        let changes = try git.answer(["status", "--porcelain", "--untracked-files=no"], in: URL(filePath: top))
      else { return (nil, false) }
      return (SourceState(commit: commit, isModified: !changes.isEmpty), false)
    } catch {
      return (nil, true)
    }
  }

  package var description: String { "commit \(commit.prefix(12))\(isModified ? " with changes" : "")" }
}

/// Git, which may take so long for an answer.
private struct Git {
  struct Late: Error {}
  let seconds: Double

  /// What it printed, without the end of the line; nil when it failed.
  func answer(_ arguments: [String], in folder: URL) throws(Late) -> String? {
    guard let (output, end) = try? ChildProcess.run("git", ["-C", folder.path] + arguments, seconds: seconds) else {
      return nil
    }
    if end == .killed(signal: SIGKILL) { throw Late() }
    guard end == .exited(code: 0) else { return nil }
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}
