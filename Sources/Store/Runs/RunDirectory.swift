import Foundation
import System

/// Everything one run wrote; the source of truth. Whoever writes in it holds its lock.
package struct RunDirectory: Sendable, Hashable {
  package let url: URL

  package init(_ url: URL) { self.url = url }

  package var name: String { url.lastPathComponent }

  package var planFile: URL { file("plan.json") }
  package var journal: URL { file("journal.jsonl") }
  package var lastCheckpoint: URL { file("last.h5") }
  package var previousCheckpoint: URL { earlierCheckpoint(1) }
  package var bestCheckpoint: URL { file("best.h5") }
  package var evaluationFile: URL { file("evaluation.h5") }
  package var lockFile: URL { file("run.lock") }
  package var logFile: URL { file("run.log") }
  /// Label maps of the test cases on the prepared grid, `CASE.nii.gz`.
  package var predictionsFolder: URL { url.appending(path: "predictions", directoryHint: .isDirectory) }

  func file(_ name: String) -> URL { url.appending(path: name, directoryHint: .notDirectory) }

  /// A folder where the run keeps a file, or a file where it keeps a folder, in words with the remedy; nil where there is none.
  ///
  /// - Parameter amongLogs: only among what every look at a run reads: its plan, its journal and its lock; else among what it
  ///   writes beside them.
  package func obstacle(amongLogs: Bool) -> String? {
    let files =
      amongLogs
      ? [planFile, journal, lockFile]
      : [lastCheckpoint, bestCheckpoint, evaluationFile, logFile] + earlierCheckpoints() + [file(Heartbeat.fileName)]
    func stands(_ url: URL, _ isWrong: (mode_t) -> Bool) -> Bool {
      var status = stat()
      return stat(url.path, &status) == 0 && isWrong(status.st_mode & S_IFMT)
    }
    if let wrong = files.first(where: { stands($0) { $0 != S_IFREG } }) {
      return "\(wrong.path) is no plain file, where the run keeps one. Move away what stands there."
    }
    guard !amongLogs, stands(predictionsFolder, { $0 != S_IFDIR }) else { return nil }
    return "\(predictionsFolder.path) is no folder, where the run keeps its label maps. Move away what stands there."
  }

  /// Files of which one at least is in the directory of a run.
  static let signs = ["plan.json", "journal.jsonl", "last.h5", "import.json"]

  /// Whether a run began here: its plan was written, or has been lost since.
  package var exists: Bool {
    Self.signs.contains { access(file($0).path, F_OK) == 0 || Self.isThere(errno) }
  }

  /// Whether somebody has taken it away, or begun to, of a run that is worked on, which has a plan.
  package var isRemoved: Bool { access(planFile.path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR) }

  /// Of a file that could not be reached: a link to itself is something that stands there, and who may not look does not know.
  static func isThere(_ code: Int32) -> Bool { code == ELOOP || code == EACCES }

  /// What `create` did.
  package enum Creation: Equatable, Sendable {
    case made
    case wasThere
    /// The run was begun, and its plan was lost or damaged: it was written anew. Why, in words.
    case restored(String)
  }

  /// Writes the plan. If the same plan is there already, nothing is changed: the same plan is the same run.
  ///
  /// - Parameters:
  ///   - planJSON: the canonical plan, on one line.
  ///   - identity: SHA-256 of `planJSON`.
  @discardableResult
  package func create(planJSON: Data, identity: String, environment: EnvironmentRecord) throws -> Creation {
    try Folder.create(url)
    for _ in 0..<Self.creationTries {
      if try hasPlan(identity) == .sound { return .wasThere }
      if let lock = try RunLock.acquire(self) {
        defer { lock.release() }
        let found = try hasPlan(identity)
        if found == .sound { return .wasThere }
        let wasBegun = exists
        let restored = wasBegun ? environment.restored(after: try history()) : environment
        let plan = StoredPlan(identity: identity, planJSON: planJSON, environment: restored)
        try AtomicFile.write(plan.fileContent(), to: planFile)
        guard wasBegun, case .flawed(let cause) = found else { return .made }
        return .restored(cause)
      }
      usleep(10_000)
    }
    throw StoreError.locked(file: lockFile.path, holder: try RunLock.probe(self).holder)
  }

  /// Another process that creates the same run is waited for: 10 s in steps of 10 ms.
  private static let creationTries = 1_000

  private enum PlanState: Equatable {
    case sound
    /// Missing, damaged or another run's.
    case flawed(String)
  }

  private func hasPlan(_ identity: String) throws -> PlanState {
    let found: String
    do {
      found = try readPlan().identity
    } catch StoreError.damaged(_, let damage) {
      return .flawed("was damaged: \(damage)")
    } catch let error as SystemError where error.code == ENOENT {
      return .flawed("was missing")
    }
    if found == identity { return .sound }
    guard let other = occupant(insteadOf: identity) else { return .flawed("was another run's") }
    throw StoreError.otherPlan(file: planFile.path, expected: identity, found: other)
  }

  /// - Throws: `StoreError.damaged` for another run's too, which somebody has put in its place.
  package func readPlan() throws -> StoredPlan {
    let plan = try StoredPlan(reading: planFile)
    if isAstray(plan: plan.identity) { throw StoreError.damaged(file: planFile.path, .content("it is another run's")) }
    return plan
  }

  /// The plan of a run that is there, for whoever cannot go on without it.
  ///
  /// - Throws: `StoreError.damaged`, whose remedy is `safnet run`, where it is lost too.
  package func requirePlan() throws -> StoredPlan {
    do { return try readPlan() } catch let error as SystemError where error.code == ENOENT && !isImported {
      throw StoreError.damaged(file: planFile.path, .lost)
    }
  }

  /// Nil where the plan is lost or damaged.
  package func planIfIntact() throws -> StoredPlan? {
    do {
      return try readPlan()
    } catch let error as StoreError where error.isDamage {
      return nil
    } catch let error as SystemError where error.code == ENOENT {
      return nil
    }
  }

  /// What the journal comes to, as far as it is intact and this run's.
  package func history() throws -> RunHistory { RunHistory(try ownJournal()) }

  /// Whether it was finished, as its scores tell, and the journal that says so is lost or another run's.
  var hasLostItsEnd: Bool { (journalLoss != nil || hasOthersJournal) && access(evaluationFile.path, F_OK) == 0 }

  package func state() throws -> RunState { try state(after: history()) }

  /// The state of a run whose history was read a moment ago: what "finished" means to every command.
  package func state(after history: RunHistory) throws -> RunState {
    let isFinished = history.state(isLocked: false) == .finished
    // A lock that cannot be looked at takes nothing from a run that is whole.
    if try isFinished && !flaws(.glance).contains(where: \.isOfResults) { return .finished }
    let isLocked = try RunLock.probe(self).isHeld
    // Whoever holds the lock is mending it.
    if isFinished { return isLocked ? .running : .damaged }
    let state = history.state(isLocked: isLocked)
    return state == .queued && hasLostItsEnd ? .damaged : state
  }
}
