import Foundation
import Store
import Text

/// The coordinator's window on the run directories of a workspace.
package final class WorkspaceWatcher: RunWatcher {
  private let workspace: Workspace
  /// Finished runs with a damage that shows only bit by bit.
  private let damaged: Set<String>

  /// - Parameter damaged: runs to be mended, though they look finished at a glance.
  package init(_ workspace: Workspace, damaged: Set<String> = []) {
    (self.workspace, self.damaged) = (workspace, damaged)
  }

  package func sighting(of name: String) -> Sighting {
    let run = workspace.runDirectory(named: name)
    guard let state = try? run.state() else { return .free }
    switch state {
    case .finished: return damaged.contains(name) ? .free : .finished
    case .running: return .locked
    case .queued, .failed, .interrupted, .stale, .damaged: return .free
    }
  }

  /// The newest checkpoint's time in milliseconds.
  package func savedProgress(of name: String) -> Int {
    var status = stat()
    guard stat(workspace.runDirectory(named: name).lastCheckpoint.path, &status) == 0 else { return 0 }
    return status.st_mtim.tv_sec &* 1000 &+ status.st_mtim.tv_nsec / 1_000_000
  }

  package func heartbeat(of name: String) -> Heartbeat? {
    Heartbeat.read(in: workspace.runDirectory(named: name).url)
  }

  package func lastWords(of name: String) -> String? {
    let run = workspace.runDirectory(named: name)
    return LogTail.read(run.logFile, lines: 1).last ?? run.failureWords
  }

  package func holder(of name: String) -> String? {
    guard let probe = try? RunLock.probe(workspace.runDirectory(named: name)), let holder = probe.holder else {
      return nil
    }
    guard let heartbeat = probe.heartbeat else { return "\(holder)" }
    let seconds = max(0, Date().timeIntervalSince(heartbeat))
    return "\(holder), last heard of \(Quantity.duration(seconds)) ago"
  }

  package func silence(of name: String) -> String? { workspace.runDirectory(named: name).silence()?.words }

  package func lostPlace(of name: String) -> LostPlace? {
    if workspace.runsFolder.isGone { return .workspace }
    return workspace.runDirectory(named: name).isRemoved ? .run : nil
  }

  /// Writes into the journal of a run that was given up what its worker could not write itself.
  package func recordFailure(of name: String, _ end: JobEnd) {
    let run = workspace.runDirectory(named: name)
    guard !run.isRemoved, let lock = try? RunLock.acquire(run), let history = try? run.history() else { return }
    defer { lock.release() }
    // What is finished stays so, whatever was to be added to it.
    if [.failed, .finished].contains(history.state(isLocked: false)) { return }
    let record = FailureRecord(
      message: end.reason, attempt: history.workers.count, retryable: true, logTail: LogTail.read(run.logFile))
    try? JournalWriter(url: run.journal).append(.failed(record))
  }
}

extension RunDirectory {
  /// Of a run that was begun and whose folder is gone since, or emptied: so, and how to go on.
  package var lossWords: String? {
    guard isRemoved else { return nil }
    guard url.isGone else {
      return
        "what was in its folder \(url.path) is gone: it was removed or moved while the run was trained. Put it back, or give"
        + " the same `safnet run` again"
    }
    return
      "its folder \(url.path) is gone: it was removed or moved while the run was trained. Put it back, or give the same"
      + " `safnet run` again, which trains it from the beginning"
  }

  /// Of one whose folder was taken away too, while a folder of its name is there: another process has begun it anew.
  package var returnWords: String {
    "its folder \(url.path) was removed or moved while the run was trained; the one that is there now came later, and the same"
      + " `safnet run` goes on from what it holds"
  }

  /// What the journal says of its failure: on a full disk a line often fits there that did not fit into the log.
  package var failureWords: String? {
    guard let history = try? self.history(), history.state(isLocked: false) == .failed else { return nil }
    return history.failure?.message
  }
}

extension Workspace {
  /// Of one that was taken away while its runs were trained: so, and how to go on.
  package var lossWords: String {
    let again = "put it back and give the same `safnet run` again, which trains everything anew where it was removed"
    return root.isGone
      ? "the workspace \(root.path) was moved or removed while runs were trained: \(again); or go on where it is now"
        + " with --workspace"
      : "the folder \(runsFolder.path) was moved or removed while runs were trained in it: \(again)"
  }
}

extension URL {
  /// Whether nothing is there, as far as one can see.
  fileprivate var isGone: Bool { access(path, F_OK) != 0 && errno == ENOENT }
}
