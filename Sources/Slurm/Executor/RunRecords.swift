import Foundation
import Store
import System

/// What a run directory says of the worker of a job: the truth, of which Slurm's states are only a hint.
package enum RunRecord: Equatable, Sendable {
  /// No worker has begun, or none after those that were known.
  case nothingNew
  /// Some process holds its lock.
  case held
  case finished
  case interrupted
  case failed(again: Bool)
  /// A worker has begun, and is gone without a word.
  case brokenOff
}

/// The executor's window on the run directories.
package protocol RunRecords: AnyObject {
  /// How many workers have begun.
  func attempts(of run: String) -> Int
  /// Another number whenever something new was saved.
  func saved(of run: String) -> Int
  /// - Parameter attempts: the workers that had begun before.
  func record(of run: String, after attempts: Int) -> RunRecord
}

/// Reads journals. Before each, its folder is listed: on a network disk that makes news of other hosts visible.
package final class WorkspaceRecords: RunRecords {
  private let workspace: Workspace

  package init(_ workspace: Workspace) { self.workspace = workspace }

  package func attempts(of run: String) -> Int { history(run)?.workers.count ?? 0 }

  package func saved(of run: String) -> Int {
    var status = stat()
    guard stat(workspace.runDirectory(named: run).lastCheckpoint.path, &status) == 0 else { return 0 }
    return status.st_mtim.tv_sec &* 1_000_000 &+ status.st_mtim.tv_nsec / 1000
  }

  package func record(of run: String, after attempts: Int) -> RunRecord {
    guard let history = history(run), let state = try? workspace.runDirectory(named: run).state(after: history) else {
      return .nothingNew
    }
    switch state {
    case .finished: return .finished
    case .running: return .held
    case _ where history.workers.count <= attempts: return .nothingNew
    case .queued, .damaged: return .nothingNew
    case .interrupted: return .interrupted
    case .failed: return .failed(again: history.failure?.retryable ?? true)
    case .stale: return .brokenOff
    }
  }

  private func history(_ run: String) -> RunHistory? {
    let directory = workspace.runDirectory(named: run)
    _ = try? Folder.names(in: directory.url)
    return try? directory.history()
  }
}
