import Foundation
import Store

/// Everything that a finished sweep left in its workspace, as one SHA-256 for each part: what must be the same however
/// often the sweep was killed.
///
/// Whole files, wherever nothing in them says when, where or how fast something was done; of the others the content
/// without that. Only what records processes is left out: locks, logs, progress lines, and the index, which is made
/// from the journals. A file that one sweep has and another has not is a part of its own, so nothing left lying about
/// goes unnoticed.
package struct SweepResult: Equatable, Sendable {
  package let parts: [String: String]

  package init(of workspace: Workspace) throws {
    let root = workspace.root.standardizedFileURL.path + "/"
    let files = FileManager.default.enumerator(at: workspace.root, includingPropertiesForKeys: [.isRegularFileKey])
    var parts: [String: String] = [:]
    while let file = files?.nextObject() as? URL {
      guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
      guard !Self.recordsProcesses(file.lastPathComponent) else { continue }
      let name = String(file.standardizedFileURL.path.dropFirst(root.count))
      for (part, digest) in try Self.digests(of: file) { parts[name + part] = digest }
    }
    self.parts = parts
  }

  /// Names of the parts that only one has or that differ.
  package func differences(from other: SweepResult) -> [String] {
    Set(parts.keys).union(other.parts.keys).sorted().filter { parts[$0] != other.parts[$0] }
  }

  private static func recordsProcesses(_ name: String) -> Bool {
    [".lock", "run.lock", "index.lock", "run.log", "progress.json"].contains(name)
      || WorkspaceIndex.endings.contains { name == "index.sqlite" + $0 }
  }

  /// The parts of one file: "" for all of it, " parameters" for a piece.
  private static func digests(of file: URL) throws -> [(part: String, digest: String)] {
    let run = RunDirectory(file.deletingLastPathComponent())
    switch file.lastPathComponent {
    case run.lastCheckpoint.lastPathComponent, run.bestCheckpoint.lastPathComponent:
      return try RunResult.digests(of: CheckpointFile.read(file)).map { (" " + $0, $1) }
    case run.journal.lastPathComponent:
      return [(" epochs", try RunResult.digest(of: RunResult.epochs(in: file)))]
    case run.planFile.lastPathComponent:
      return [(" plan", GuardedFile.digest(try run.readPlan().planJSON))]
    default:
      return [("", GuardedFile.digest(try Data(contentsOf: file)))]
    }
  }
}
