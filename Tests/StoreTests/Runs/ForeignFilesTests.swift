import Foundation
import Store
import TestSupport
import Testing

/// Files of another run in the folder of this one.
@Suite struct ForeignFilesTests {
  private static func name(_ plan: String) -> String { "safnet-f1-\(sha256(plan).prefix(12))" }

  /// Two finished runs, named as `safnet run` names them.
  private func runs(in folder: URL) throws -> (own: RunDirectory, other: RunDirectory) {
    let runs = try ["plan", "other"].map { plan in
      let made = try RunFlawTests.finished(in: folder.appending(path: plan), plan: plan)
      let run = RunDirectory(folder.appending(path: Self.name(plan)))
      try FileManager.default.moveItem(at: made.url, to: run.url)
      return run
    }
    return (runs[0], runs[1])
  }

  private func create(_ plan: String, _ run: RunDirectory) throws -> RunDirectory.Creation {
    try run.create(planJSON: Data(plan.utf8), identity: sha256(plan), environment: Fixture.environment())
  }

  @Test func aPlanOfAnotherRunAloneIsWrittenAnew() throws {
    try withTemporaryFolder { folder in
      let (own, other) = try runs(in: folder)
      try Data(contentsOf: other.planFile).write(to: own.planFile)
      let cause = "is damaged: it is another run's"
      #expect(try own.flaws(.glance) == [RunFlaw(file: "plan.json", cause: cause, isNeeded: true)])
      #expect(try own.state() == .damaged)
      #expect(try own.planIfIntact() == nil && own.occupant(insteadOf: sha256("plan")) == nil)
      #expect(try create("plan", own) == .restored("was damaged: it is another run's"))
      #expect(try own.flaws(.full) == [] && own.state() == .finished)
    }
  }

  /// Nothing was trained there that could be lost.
  @Test func aPlanOfAnotherRunWithoutAnythingElseIsWrittenAnew() throws {
    try withTemporaryFolder { folder in
      let other = try runs(in: folder).other
      let own = RunDirectory(folder.appending(path: Self.name("third")))
      #expect(try create("third", own) == .made)
      try Data(contentsOf: other.planFile).write(to: own.planFile)
      #expect(try create("third", own) == .restored("was another run's"))
      #expect(try own.readPlan().identity == sha256("third"))
    }
  }

  /// Its folder is whole under another name: nothing is written over.
  @Test func anotherRunInItsPlaceStays() throws {
    try withTemporaryFolder { folder in
      let (own, other) = try runs(in: folder)
      try FileManager.default.removeItem(at: own.url)
      try FileManager.default.copyItem(at: other.url, to: own.url)
      let cause = "is of the run whose name ends in -\(sha256("other").prefix(12))"
      let way = "give this folder that name again, or move it to another place"
      #expect(try own.flaws(.full) == [RunFlaw(file: "plan.json", cause: cause, isNeeded: true, way: way)])
      #expect(try own.state() == .damaged && other.flaws(.full) == [])
      let error = StoreError.otherPlan(
        file: own.planFile.path, expected: sha256("plan"), found: sha256("other"))
      #expect(throws: error) { try create("plan", own) }
      #expect(own.occupant(insteadOf: sha256("plan")) == sha256("other"))
    }
  }

  @Test func networksAndScoresOfOthersAreSetAside() throws {
    try withTemporaryFolder { folder in
      let (own, other) = try runs(in: folder)
      #expect(try own.setAsideOthers(than: sha256("plan")).isEmpty)
      for file in ["best.h5", "evaluation.h5"] {
        try Data(contentsOf: other.url.appending(path: file)).write(to: own.url.appending(path: file))
      }
      let moved = try own.setAsideOthers(than: sha256("plan"))
      let end = "of-\(sha256("other").prefix(12)).h5"
      #expect(moved.map(\.place.lastPathComponent) == ["best.\(end)", "evaluation.\(end)"])
      #expect(moved.allSatisfy { $0.identity == sha256("other") })
      #expect(try own.flaws(.glance).map(\.description) == ["evaluation.h5 is missing", "best.h5 is missing"])
    }
  }
}
