import Foundation
import Store
import TestSupport
import Testing

/// Looking again and again finds what a command that looks at everything finds.
@Suite struct WatchedRunsTests {
  /// Forty runs, of which all but three are finished, and those who watch them: a few at each look.
  private struct Watched {
    let folder: TemporaryFolder
    let workspace: Workspace
    let watch: WatchedRuns

    init() throws {
      folder = try TemporaryFolder()
      workspace = try GeneratedRuns.make(in: folder.file("Workspace"), count: 40, epochs: 2)
      let finished = try RunFlawTests.finished(in: folder.file("Finished"))
      for number in 0..<37 {
        let place = workspace.runDirectory(named: Self.name(number)).url
        try FileManager.default.removeItem(at: place)
        try FileManager.default.copyItem(at: finished.url, to: place)
      }
      let own = Workspace(workspace.root, indexFolder: folder.file("own"))
      try FileManager.default.createDirectory(at: own.indexFolder, withIntermediateDirectories: true)
      watch = WatchedRuns(own, share: 4)
    }

    static func name(_ number: Int) -> String { "run-00\(number < 10 ? "0" : "")\(number)" }

    func run(_ number: Int) -> RunDirectory { workspace.runDirectory(named: Self.name(number)) }

    /// What a command would find now.
    func truth() throws -> [IndexedRun] { try WorkspaceIndex(workspace).refreshedRuns() }

    /// Changes of the runs' folder that are younger than a coarse clock's step have everything looked at: they are made old.
    func settle() throws {
      let time = timespec(tv_sec: time(nil) - 100, tv_nsec: 0)
      try #require(utimensat(AT_FDCWD, workspace.runsFolder.path, [time, time], 0) == 0)
      _ = try watch.look()
      #expect(try watch.look().changed == [])
    }
  }

  @Test func theFirstLookFindsAll() throws {
    let watched = try Watched()
    let look = try watched.watch.look()
    #expect(look.changed == nil && look.runs.count == 40)
    #expect(try look.runs == watched.truth())
    #expect(try watched.watch.look().changed == [])
  }

  @Test func whatIsTrainedIsFoundAtOnce() throws {
    let watched = try Watched()
    try watched.settle()
    try JournalWriter(url: watched.run(38).journal).append(.epoch(Fixture.epoch(3)))
    let look = try watched.watch.look()
    #expect(look.changed == [38] && look.runs[38].epochs == 3)
    #expect(try look.runs == watched.truth())
    let lock = try RunLock.acquire(watched.run(39))
    #expect(try watched.watch.look().changed == [39])
    #expect(try watched.watch.look().changed == [39], "of a run that is trained there may be something new at any time")
    #expect(try watched.watch.look().runs == watched.truth())
    lock?.release()
    #expect(try watched.watch.look().changed == [39])
    #expect(try watched.watch.look().changed == [])
  }

  @Test(arguments: [0, 17, 36]) func whatSomebodyWroteAboutAFinishedRunIsFoundAtOnce(number: Int) throws {
    let watched = try Watched()
    try watched.settle()
    try watched.run(number).changeNotes { $0.with(note: "with the new masks").adding(["paper"]) }
    let look = try watched.watch.look()
    #expect(look.changed == [number] && look.runs[number].notes.tags == ["paper"])
    try watched.settle()
    try watched.run(number).changeNotes { _ in RunNotes() }
    #expect(try watched.watch.look().runs[number].notes.isEmpty)
  }

  /// Forty runs, four at a time.
  @Test func whatElseChangesInAFinishedRunIsFoundInTurn() throws {
    let watched = try Watched()
    try watched.settle()
    try Data("nonsense\n".utf8).write(to: watched.run(17).journal)
    let looks = try (0..<11).map { _ in try watched.watch.look() }
    #expect(looks.count { $0.changed == [17] } == 1 && looks.allSatisfy { ($0.changed ?? [0]).count <= 1 })
    #expect(looks.last?.runs[17].notice?.contains("journal.jsonl") == true)
    #expect(try looks.last?.runs == watched.truth())
  }

  @Test func runsThatComeAndGoAreFoundAtOnce() throws {
    let watched = try Watched()
    try watched.settle()
    _ = try watched.run(5).remove()
    try FileManager.default.copyItem(
      at: watched.run(6).url, to: watched.workspace.runsFolder.appending(path: "another"))
    let look = try watched.watch.look()
    #expect(look.changed == nil && look.runs.count == 40)
    #expect(try look.runs == watched.truth())
  }

  /// Its folder is made first, and its plan is written later.
  @Test func aRunThatIsOnlyBeingMadeIsFoundOnceItIsOne() throws {
    let watched = try Watched()
    let new = watched.workspace.runDirectory(named: "made")
    try FileManager.default.createDirectory(at: new.url, withIntermediateDirectories: true)
    try watched.settle()
    try FileManager.default.copyItem(at: watched.run(6).planFile, to: new.planFile)
    let look = try watched.watch.look()
    #expect(look.changed == nil && look.runs.count == 41)
    #expect(try look.runs == watched.truth())
  }

  @Test func runsThatAreGoneForAWhileAreBackAtOnce() throws {
    let watched = try Watched()
    try watched.settle()
    let elsewhere = watched.folder.file("Elsewhere")
    try FileManager.default.moveItem(at: watched.workspace.root, to: elsewhere)
    let gone = try watched.watch.look()
    #expect(gone.runs.isEmpty && gone.changed == nil)
    #expect(try watched.watch.look().changed == [])
    try FileManager.default.moveItem(at: elsewhere, to: watched.workspace.root)
    let back = try watched.watch.look()
    #expect(back.changed == nil)
    #expect(try back.runs == watched.truth())
  }

  /// Where no index can be kept, it lies in memory.
  @Test func withoutAFolderOfItsOwnItLooksAllTheSame() throws {
    let watched = try Watched()
    let nowhere = Workspace(watched.workspace.root, indexFolder: URL(filePath: "/dev/null/safnet"))
    #expect(try WatchedRuns(nowhere).look().runs == watched.truth())
  }

  /// The index that it keeps is that of the runs: who asks it for epochs gets those of now.
  @Test func itsIndexHasTheEpochsOfNow() throws {
    let watched = try Watched()
    try watched.settle()
    try JournalWriter(url: watched.run(38).journal).append(.epoch(Fixture.epoch(3)))
    _ = try watched.watch.look()
    let own = Workspace(watched.workspace.root, indexFolder: watched.folder.file("own"))
    #expect(try WorkspaceIndex(own).epochs(of: ["run-0038"])["run-0038"]?.count == 3)
  }
}
