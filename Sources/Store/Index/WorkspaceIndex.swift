import Foundation
import GRDB
import System

/// The runs of a workspace in SQLite: a projection of the run directories that anybody may delete.
///
/// One process writes at a time (a lock on `index.lock`); readers open it read-only and, thanks to WAL, never wait.
/// Every value read is checked; whatever is wrong, the file is set aside and made anew.
package final class WorkspaceIndex {
  /// What `refresh` did.
  package struct Refresh: Equatable, Sendable {
    package var projected = 0
    package var removed = 0
    package var unchanged = 0

    package init(projected: Int = 0, removed: Int = 0, unchanged: Int = 0) {
      (self.projected, self.removed, self.unchanged) = (projected, removed, unchanged)
    }
  }

  /// What follows the index's name in the names of its files: nothing, and what SQLite keeps beside it, which is its log, the
  /// log's table, and where there is no log what a change would take back.
  package static let endings = ["", "-wal", "-shm", "-journal"]

  let workspace: Workspace
  private let trace: IndexDatabase.Trace?
  private var memory: IndexDatabase?
  /// Since this object was made; the workspace was told of each.
  package private(set) var notices: [IndexNotice] = []

  package init(_ workspace: Workspace, trace: (@Sendable (String) -> Void)? = nil) {
    (self.workspace, self.trace) = (workspace, trace)
  }

  /// Takes over what changed in the run directories since the last time.
  @discardableResult
  package func refresh() throws -> Refresh { try refreshKeeping().done }

  /// With the runs, where nothing had to be changed.
  func refreshKeeping() throws -> Projected {
    if let memory { return try project(into: memory) }
    if !workspace.exists { return Projected() }
    do {
      return try withWriterLock { try project() } ?? Projected()
    } catch {
      return try useMemory(because: error)
    }
  }

  struct Projected {
    var done = Refresh()
    var runs: [IndexedRun]?
  }

  /// Forgets the index and reads every run directory.
  @discardableResult
  package func rebuild() throws -> Refresh {
    do {
      return try withWriterLock {
        try removeFiles()
        return try project().done
      } ?? Refresh()
    } catch {
      return try useMemory(because: error).done
    }
  }

  /// Runs `query` on the index; makes the index first or anew if it has to.
  func read<T>(_ query: (Database) throws -> T) throws -> T {
    if let memory { return try memory.queue.read(query) }
    if !workspace.exists { return try openMemory().queue.read(query) }
    if let answer = try? ask(query) { return answer }
    do {
      // Once more, with no writer at work: perhaps the file was only just being made.
      if let answer = try withWriterLock({ try askOrRepair(query) }) { return answer }
    } catch {
      _ = try useMemory(because: error)
    }
    if memory == nil { _ = try useMemory(because: StoreError.locked(file: lockFile.path, holder: nil)) }
    return try memory!.queue.read(query)
  }

  private func askOrRepair<T>(_ query: (Database) throws -> T) throws -> T {
    // That of an earlier program is none that was damaged.
    if let isCurrent = try? IndexDatabase.open(workspace.indexFile, isReadOnly: true, trace: trace).isCurrent(),
      !isCurrent
    {
      _ = try project()
    }
    do {
      return try ask(query)
    } catch let error where !(error is SystemError) && !Self.isRefusal(error) {
      if access(workspace.indexFile.path, F_OK) == 0 { try setAside(IndexNotice(damagedBy: error)) }
      _ = try project()
      return try ask(query)
    }
  }

  private func ask<T>(_ query: (Database) throws -> T) throws -> T {
    try IndexDatabase.open(workspace.indexFile, isReadOnly: true, trace: trace).queue.read(query)
  }
}

extension WorkspaceIndex {
  private var lockFile: URL { workspace.indexFolder.appending(path: "index.lock") }

  /// Waits for another writer for 5 s in steps of 10 ms; `nil` and a notice if it is still at work.
  private func withWriterLock<T>(_ body: () throws -> T) throws -> T? {
    try Folder.create(workspace.indexFolder)
    for _ in 0..<500 {
      if let lock = try RunLock.acquire(lockFile) {
        defer { lock.release() }
        return try body()
      }
      usleep(10_000)
    }
    tell(.busy)
    return nil
  }

  /// A damaged index is set aside and made anew; what goes wrong with the run directories is thrown.
  private func project() throws -> Projected {
    do {
      return try project(into: openWritable())
    } catch let error where !(error is StoreError || error is SystemError) && !Self.isRefusal(error) {
      try setAside(IndexNotice(damagedBy: error))
      return try project(into: openWritable())
    }
  }

  /// Whether something was lacking, which says nothing against the file: room, memory, a right, or another program's lock
  /// on the file.
  private static func isRefusal(_ error: any Error) -> Bool {
    guard let error = error as? DatabaseError else { return false }
    return refusals.contains(error.resultCode)
  }

  private static let refusals: [ResultCode] = [
    .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_NOMEM, .SQLITE_BUSY,
    .SQLITE_LOCKED, .SQLITE_PROTOCOL, .SQLITE_INTERRUPT, .SQLITE_AUTH, .SQLITE_NOLFS, .SQLITE_ABORT,
  ]

  /// Called with the writer's lock held.
  private func openWritable() throws -> IndexDatabase {
    let database = try IndexDatabase.open(workspace.indexFile, trace: trace)
    if try database.isNewer() {
      try database.queue.close()
      try setAside(.newer)
      return try openWritable()
    }
    try database.migrate()
    return database
  }

  private func project(into database: IndexDatabase) throws -> Projected {
    // The rows on this thread: what another one allocates it asks of the system page by page.
    let (rows, found) = try together {
      try database.queue.read(RunRows.init)
    } _: { [workspace] in
      try RunStamp.all(in: workspace)
    }
    let known = try rows.runs()
    // Mostly nothing has changed: two lists in the same order, which are compared without a table.
    let isSame: (Int) -> Bool = { found[$0].run == known[$0].name && found[$0].stamp == known[$0].stamp }
    if found.count == known.count, found.indices.allSatisfy(isSame) {
      return Projected(done: Refresh(unchanged: found.count), runs: known)
    }
    let stamps = Dictionary(uniqueKeysWithValues: known.map { ($0.name, $0.stamp) })
    let changed = found.filter { stamps[$0.run] != $0.stamp }
    let gone = Set(stamps.keys).subtracting(found.map(\.run))
    let done = Refresh(projected: changed.count, removed: gone.count, unchanged: found.count - changed.count)
    if changed.isEmpty && gone.isEmpty { return Projected(done: done, runs: known) }
    _ = try database.take(changed, gone: gone, from: workspace)
    return Projected(done: done)
  }

  /// Where there is no workspace, none is made for the sake of an answer.
  private func openMemory() throws -> IndexDatabase {
    let database = try IndexDatabase.open(nil, trace: trace)
    try database.migrate()
    return database
  }

  private func useMemory(because error: any Error) throws -> Projected {
    let database = try openMemory()
    memory = database
    let found = try project(into: database)
    // Where that is refused too, it was the runs that could not be read, and nothing is wrong with the index.
    tell(IndexNotice(because: error))
    return found
  }

  private func tell(_ notice: IndexNotice) {
    notices.append(notice)
    workspace.hearIndex?(notice)
  }

  /// Keeps one damaged index for whoever wants to look at it.
  private func setAside(_ notice: IndexNotice) throws {
    for ending in Self.endings {
      let (from, to) = (
        workspace.indexFile.path + ending, workspace.indexFolder.path + "/index.damaged.sqlite" + ending
      )
      unlink(to)
      guard rename(from, to) == 0 || errno == ENOENT else {
        throw SystemError(file: from, action: .rename, code: errno)
      }
    }
    tell(notice)
  }

  private func removeFiles() throws {
    for ending in Self.endings {
      let path = workspace.indexFile.path + ending
      guard unlink(path) == 0 || errno == ENOENT else {
        throw SystemError(file: path, action: .remove, code: errno)
      }
    }
  }
}
