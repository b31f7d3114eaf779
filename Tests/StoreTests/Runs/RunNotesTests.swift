import Foundation
import Store
import TestSupport
import Testing

@Suite struct RunNotesTests {
  @Test func notesAreKeptAndTakenAway() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      #expect(try run.readNotes().isEmpty)
      try run.changeNotes { $0.with(note: "mit neuen Masken") }
      try run.changeNotes { $0.adding(["paper", "b", "paper"]) }
      #expect(try run.readNotes() == RunNotes(note: "mit neuen Masken", tags: ["b", "paper"]))
      try run.changeNotes { $0.with(note: "") }
      #expect(try run.readNotes() == RunNotes(tags: ["b", "paper"]))
      try run.changeNotes { $0.removing(["b", "paper", "other"]) }
      #expect(try names(in: folder) == ["notes.lock"])
    }
  }

  /// Whoever trains the run is not disturbed, and disturbs nobody.
  @Test func aRunThatIsTrainedMayBeNoted() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      let lock = try #require(try RunLock.acquire(run))
      defer { lock.release() }
      try run.changeNotes { $0.with(note: "slow") }
      #expect(try run.readNotes().note == "slow")
      #expect(try names(in: folder) == ["notes.json", "notes.lock", "run.lock"])
      #expect(!run.exists, "what is only noted is no run")
    }
  }

  @Test func manyWritersLoseNothing() throws {
    try withTemporaryFolder { folder in
      let path = folder.path
      DispatchQueue.concurrentPerform(iterations: 40) { number in
        _ = try? RunDirectory(URL(filePath: path)).changeNotes { $0.adding(["t\(number)"]) }
      }
      let tags = try RunDirectory(folder).readNotes().tags
      #expect(tags.count == 40)
    }
  }

  @Test(arguments: ["", "a b", "a,b", "a\tb", "a\u{7}", String(repeating: "x", count: 65)])
  func whatIsNoTagIsRefused(tag: String) throws {
    try withTemporaryFolder { folder in
      #expect(throws: RunNotesError.tag(tag)) { try RunDirectory(folder).changeNotes { $0.adding([tag]) } }
      let notes = try RunDirectory(folder).readNotes()
      #expect(notes.isEmpty)
    }
  }

  @Test func aFileThatIsNoNotesIsToldHowToBeWritten() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      try Data("{".utf8).write(to: run.notesFile)
      let error = #expect(throws: RunNotesError.unreadable(file: run.notesFile.path)) { try run.readNotes() }
      #expect(
        error?.description
          == "\(run.notesFile.path) does not hold a note and tags as JSON, such as {\"note\": \"...\", \"tags\": [\"...\"]}. Mend or"
          + " remove it.")
    }
  }

  @Test func limitsAreTold() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      #expect(throws: RunNotesError.tooLong(characters: 10_001)) {
        try run.changeNotes { $0.with(note: String(repeating: "x", count: 10_001)) }
      }
      #expect(throws: RunNotesError.tooMany(tags: 101)) {
        try run.changeNotes { $0.adding((0...100).map { "t\($0)" }) }
      }
    }
  }

  @Test func theIndexKnowsThem() throws {
    try withTemporaryFolder { folder in
      let workspace = try GeneratedRuns.make(in: folder, count: 3, epochs: 2)
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      let run = workspace.runDirectory(named: "run-0001")
      try run.changeNotes { _ in RunNotes(note: "\u{202e}<b>", tags: ["a", "ü"]) }
      #expect(try index.refresh() == .init(projected: 1, removed: 0, unchanged: 2))
      let runs = try index.runs()
      #expect(runs.map(\.notes) == [RunNotes(), RunNotes(note: "\u{202e}<b>", tags: ["a", "ü"]), RunNotes()])
      // What cannot be read is said, and costs the run nothing.
      try Data("[".utf8).write(to: run.notesFile)
      try index.refresh()
      let damaged = try index.runs()[1]
      #expect(damaged.notice?.contains("notes.json") == true && damaged.state == runs[1].state && damaged.epochs == 2)
      #expect(throws: RunNotesError.self) { try run.changeNotes { $0.with(note: "new") } }
    }
  }
}
