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

  /// Whether its plan was written.
  package var exists: Bool { access(planFile.path, F_OK) == 0 }

  /// Writes the plan. If the same plan is there already, nothing is changed: the same plan is the same run.
  ///
  /// - Parameters:
  ///   - planJSON: the canonical plan, on one line.
  ///   - identity: SHA-256 of `planJSON`.
  package func create(planJSON: Data, identity: String, environment: EnvironmentRecord) throws {
    let plan = StoredPlan(identity: identity, planJSON: planJSON, environment: environment)
    try Folder.create(url)
    for _ in 0..<Self.creationTries {
      if exists { return try confirm(identity) }
      if let lock = try RunLock.acquire(self) {
        defer { lock.release() }
        if exists { return try confirm(identity) }
        return try AtomicFile.write(plan.fileContent(), to: planFile)
      }
      usleep(10_000)
    }
    throw StoreError.locked(file: lockFile.path, holder: try RunLock.probe(self).holder)
  }

  /// Another process that creates the same run is waited for: 10 s in steps of 10 ms.
  private static let creationTries = 1_000

  private func confirm(_ identity: String) throws {
    let found = try readPlan().identity
    guard found == identity else {
      throw StoreError.otherPlan(file: planFile.path, expected: identity, found: found)
    }
  }

  package func readPlan() throws -> StoredPlan { try StoredPlan(reading: planFile) }

  /// What the journal comes to, as far as it is intact.
  package func history() throws -> RunHistory { RunHistory(try Journal.scan(journal)) }

  package func state() throws -> RunState { try state(after: history()) }

  /// The state of a run whose history was read a moment ago.
  package func state(after history: RunHistory) throws -> RunState {
    history.state(isLocked: try RunLock.probe(self).isHeld)
  }
}
