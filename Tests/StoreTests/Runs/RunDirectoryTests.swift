import Foundation
import Store
import TestSupport
import Testing
import System

@Suite struct RunDirectoryTests {
  @Test func planSurvivesByteForByte() throws {
    try withTemporaryFolder { folder in
      let plan = Data(#"{"a":0.1,"b":"ümläut \" \\ ,\"crc32\":\"00000000\"}","c":[1,2]}"#.utf8)
      let identity = sha256(String(decoding: plan, as: UTF8.self))
      let run = Workspace(folder).runDirectory(named: "safnet-f1")
      try run.create(planJSON: plan, identity: identity, environment: Fixture.environment(["run", "a b", "ü\n"]))
      let stored = try run.readPlan()
      #expect(stored.planJSON == plan)
      #expect(stored.identity == identity)
      #expect(stored.environment == Fixture.environment(["run", "a b", "ü\n"]))
      #expect(try names(in: run.url) == ["plan.json", "run.lock"])
      let object = try JSONSerialization.jsonObject(with: Data(contentsOf: run.planFile)) as? [String: Any]
      #expect(object?.keys.sorted() == ["crc32", "environment", "format", "identity", "plan"])
    }
  }

  @Test func creatingAgainChangesNothing() throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      let before = try Data(contentsOf: run.planFile)
      try run.create(planJSON: Data("plan".utf8), identity: Fixture.identity, environment: Fixture.environment(["x"]))
      #expect(try Data(contentsOf: run.planFile) == before)
      let error = #expect(throws: StoreError.self) {
        try run.create(planJSON: Data("other".utf8), identity: sha256("other"), environment: Fixture.environment())
      }
      #expect(error == .otherPlan(file: run.planFile.path, expected: sha256("other"), found: Fixture.identity))
    }
  }

  /// Two coordinators plan the same runs at the same time.
  @Test func twoProcessesCreate() async throws {
    try await withTemporaryFolder { folder in
      let path = folder.path
      async let first = #expect(processExitsWith: .success) { [path = path as String] in
        try Creation.of(50, in: path)
      }
      async let second = #expect(processExitsWith: .success) { [path = path as String] in
        try Creation.of(50, in: path)
      }
      _ = await (first, second)
      let runs = try Workspace(folder).runDirectories()
      #expect(runs.count == 50)
      for run in runs {
        #expect(try run.readPlan().identity == Fixture.identity)
        #expect(try names(in: run.url) == ["plan.json", "run.lock"])
      }
    }
  }

  @Test func everyFlippedBitOfThePlanIsFound() throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      let data = try Data(contentsOf: run.planFile)
      for bit in 0..<data.count * 8 {
        var flipped = data
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        try flipped.write(to: run.planFile)
        #expect(throws: StoreError.self, "bit \(bit)") { try run.readPlan() }
      }
      for length in 0..<data.count {
        try data.prefix(length).write(to: run.planFile)
        #expect(throws: StoreError.self, "cut to \(length)") { try run.readPlan() }
      }
    }
  }

  @Test func newerPlanIsRefused() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "plan.json")
      let body = "{\"format\":2,\n\"what\":1\n"
      let crc = CRC32.of(body.utf8).hexadecimal
      try Data((body + ",\"crc32\":\"\(crc)\"}\n").utf8).write(to: url)
      let run = RunDirectory(folder)
      #expect(throws: StoreError.newerFormat(file: run.planFile.path, found: 2, known: 1)) { try run.readPlan() }
    }
  }

  @Test func workspaceListsRunsWithAPlan() throws {
    try withTemporaryFolder { folder in
      let workspace = Workspace(folder.appending(path: "Work space/ü"))
      #expect(try workspace.runDirectories().isEmpty)
      try workspace.prepare()
      for name in ["b", "a"] {
        try workspace.runDirectory(named: name).create(
          planJSON: Data("plan".utf8), identity: Fixture.identity, environment: Fixture.environment())
      }
      try FileManager.default.createDirectory(
        at: workspace.runsFolder.appending(path: "empty"), withIntermediateDirectories: true)
      #expect(try workspace.runDirectories().map(\.name) == ["a", "b"])
    }
  }

  @Test func environmentOfThisMachine() {
    let record = EnvironmentRecord.current(
      programVersion: "0.1", instructionSet: "scalar", threads: 1, commandLine: ["safnet"])
    #expect(!record.host.isEmpty && !record.cpu.isEmpty && record.cpu != "unknown")
    #expect(record.cores > 0 && record.memory > 1 << 28)
    #expect(record.system.contains("kernel ") && !record.system.contains("unknown"))
  }

  @Test func theCheckoutIsNamedWithItsCommit() throws {
    try withTemporaryFolder { folder in
      let program = folder.appending(path: ".build/safnet")
      for part in [".build", "Sources/safnet"] {
        try FileManager.default.createDirectory(at: folder.appending(path: part), withIntermediateDirectories: true)
      }
      #expect(SourceState.look(at: program).state == nil)
      let file = folder.appending(path: "Sources/safnet/main.swift")
      try Data("1".utf8).write(to: file)
      for command in ["init -q", "add Sources", "-c user.name=a -c user.email=b commit -q -m first"] {
        try #require(git(command, in: folder) == 0)
      }
      let clean = try #require(SourceState.look(at: program).state)
      #expect(SourceState.isCommit(clean.commit) && !clean.isModified)
      #expect("\(clean)" == "commit \(clean.commit.prefix(12))")
      try Data("2".utf8).write(to: file)
      #expect(SourceState.look(at: program).state == SourceState(commit: clean.commit, isModified: true))
      try FileManager.default.removeItem(at: folder.appending(path: "Sources/safnet"))
      #expect(SourceState.look(at: program).state == nil, "some other project's checkout")
    }
  }

  @Test func theCheckoutIsKeptInThePlan() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder.appending(path: "run"))
      var environment = Fixture.environment()
      environment.source = SourceState(commit: "0123456789abcdef", isModified: true)
      try run.create(planJSON: Data("plan".utf8), identity: Fixture.identity, environment: environment)
      #expect(try run.readPlan().environment.source == environment.source)
      #expect("\(environment.source!)" == "commit 0123456789ab with changes")
    }
  }

  /// Writes a stand-in for a checkpoint as a run does that keeps `limit` earlier ones.
  private func save(_ text: String, _ run: RunDirectory, keeping limit: Int) throws {
    try run.ageEarlierCheckpoints(keeping: limit)
    let staged = try StagedFile([Data(text.utf8)], for: run.lastCheckpoint)
    try staged.commit(keeping: limit > 0 ? run.previousCheckpoint : nil)
    try run.removeEarlierCheckpoints(keeping: limit)
  }

  private func contents(_ files: [URL]) throws -> [String] {
    try files.map { try String(contentsOf: $0, encoding: .utf8) }
  }

  @Test(arguments: [(0, []), (1, ["4"]), (2, ["4", "3"]), (3, ["4", "3", "2"]), (9, ["4", "3", "2", "1"])])
  func soManyEarlierCheckpointsStay(limit: Int, expected: [String]) throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      for step in 1...5 { try save("\(step)", run, keeping: limit) }
      #expect(try contents([run.lastCheckpoint]) == ["5"])
      #expect(try contents(run.earlierCheckpoints()) == expected)
      try run.removeEarlierCheckpoints(keeping: 0)
      #expect(try names(in: folder) == ["last.h5"])
    }
  }

  @Test func aLowerLimitRemovesTheOldest() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      for step in 1...5 { try save("\(step)", run, keeping: 4) }
      try save("6", run, keeping: 2)
      #expect(try contents(run.earlierCheckpoints()) == ["5", "4"])
      #expect(try names(in: folder) == ["last.h5", "last.previous-2.h5", "last.previous.h5"])
    }
  }

  /// A disk that stays full: the checkpoints age, and then nothing is written, again and again.
  @Test func failuresCostNoEarlierCheckpoint() throws {
    try withTemporaryFolder { folder in
      let run = RunDirectory(folder)
      for step in 1...4 { try save("\(step)", run, keeping: 3) }
      for _ in 1...3 { try run.ageEarlierCheckpoints(keeping: 3) }
      #expect(try contents([run.lastCheckpoint] + run.earlierCheckpoints()) == ["4", "3", "2"])
      try save("5", run, keeping: 3)
      #expect(try contents([run.lastCheckpoint] + run.earlierCheckpoints()) == ["5", "4", "3", "2"])
    }
  }
}

private enum Creation {
  static func of(_ count: Int, in path: String) throws {
    for number in 0..<count {
      try Workspace(URL(filePath: path)).runDirectory(named: "run-\(number)").create(
        planJSON: Data("plan".utf8), identity: Fixture.identity, environment: Fixture.environment())
    }
  }
}

@Suite struct RunStateTests {
  @Test(arguments: [
    (0, RunState.queued, RunState.running), (1, .stale, .running), (2, .stale, .running), (3, .stale, .running),
    (4, .interrupted, .running), (5, .stale, .running), (6, .failed, .running), (7, .stale, .running),
    (8, .damaged, .running),
  ])
  func followsJournalAndLock(events: Int, free: RunState, locked: RunState) throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      try Fixture.journal(Array(Fixture.events.prefix(events))).write(to: run.journal)
      #expect(try run.state() == free)
      let lock = try #require(try RunLock.acquire(run))
      #expect(try run.state() == locked)
      lock.release()
      #expect(try run.state() == free)
    }
  }

  @Test func onlyDamagedLinesBehindTheEndAreCutOff() throws {
    try withTemporaryFolder { folder in
      let run = try Fixture.run(in: folder)
      let (whole, rubbish) = (try Fixture.journal(Fixture.events), Data("rubbish\n".utf8))
      let unfinished = try Fixture.journal(Array(Fixture.events.dropLast()))
      for content in [whole, rubbish + whole, unfinished + rubbish] {
        try content.write(to: run.journal)
        #expect(try run.cutBehindEnd() == nil)
        #expect(try Data(contentsOf: run.journal) == content)
      }
      try (whole + rubbish).write(to: run.journal)
      let lock = try #require(try RunLock.acquire(run))
      #expect(try run.cutBehindEnd() == nil, "whoever holds it writes")
      lock.release()
      #expect(try run.cutBehindEnd()?.contains("the checksum of line 9 does not match") == true)
      #expect(try Data(contentsOf: run.journal) == whole)
    }
  }
}

private func git(_ arguments: String, in folder: URL) throws -> Int32 {
  let home = try TemporaryFolder()
  let words = ["git", "-C", folder.path] + arguments.split(separator: " ").map(String.init)
  return try ChildProgram(URL(filePath: "/usr/bin/env"), words, in: home.url).wait().status
}

extension SourceState {
  fileprivate static func isCommit(_ text: String) -> Bool { text.count == 40 && text.allSatisfy(\.isHexDigit) }
}
