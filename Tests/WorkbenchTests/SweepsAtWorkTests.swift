import Foundation
import Slurm
import Store
import System
import TestSupport
import Testing
import Workbench

/// Runs that wait in a sweep that is at work: nobody holds their locks, and they are not removed all the same.
@Suite struct SweepsAtWorkTests {
  private let sweep: SmallSweep
  private let names: [String]
  private var workspace: Workspace { sweep.workspace }
  /// Of every command: the workspace is not the usual one here.
  private var place: [String] { ["--workspace", workspace.root.relativePath] }

  init() throws {
    sweep = try SmallSweep.trained()
    names = try sweep.workspace.runNames()
  }

  /// As it was before its training began.
  private func queue(_ name: String) throws {
    let run = workspace.runDirectory(named: name)
    for file in try FileManager.default.contentsOfDirectory(at: run.url, includingPropertiesForKeys: nil)
    where file.lastPathComponent != run.planFile.lastPathComponent {
      try FileManager.default.removeItem(at: file)
    }
    try #require(try run.state() == .queued)
  }

  /// A shell that is called `safnet`, with a script called `run`, has the words of a `safnet run`.
  private func start(_ options: [String] = []) throws -> ChildProgram {
    try Data("while :; do sleep 1; done\n".utf8).write(to: sweep.folder.appending(path: "run"))
    let program = sweep.folder.appending(path: "safnet")
    try FileManager.default.createSymbolicLink(atPath: program.path, withDestinationPath: "/bin/sh")
    let child = try ChildProgram(program, ["run", "small.json"] + options, in: sweep.folder)
    let number = Int(child.process.processIdentifier)
    for _ in 0..<600 where !LockHolder.isSweep(number) { Thread.sleep(forTimeInterval: 0.01) }
    try #require(LockHolder.isSweep(number))
    return child
  }

  /// - Returns: what holds the lock as long as it lives.
  private func hold(_ run: String, _ holder: LockHolder) throws -> FileLock {
    let lock = try #require(try FileLock.acquire(workspace.runDirectory(named: run).lockFile))
    try lock.write(JSONEncoder().encode(holder))
    return lock
  }

  private func queued() throws -> [String] { try RemovableRuns(state: .queued).names(in: workspace) }

  /// Between two runs it trains nothing, and no lock tells of it.
  @Test func theirSweepIsFoundByItsWords() throws {
    for name in names[..<2] { try queue(name) }
    let child = try start()
    let number = child.process.processIdentifier
    defer { kill(number, SIGKILL) }
    let words =
      "the `safnet run` of small on this machine, process \(number): press Ctrl-C in its terminal, or type `kill \(number)`."
    let busy = UsageError.runsAreBusy(
      BusyRuns(awaited: [.init(names: Array(names[..<2]), sweep: words)], workspace: place))
    #expect(throws: busy) { try queued() }
    #expect(throws: busy) { try workspace.removable(Array(names[..<3])) }
    #expect(throws: busy) { try workspace.remove(Array(names[..<3]), confirmed: true) { _ in } }
    #expect(try workspace.runNames() == names)
    // What is finished waits for nobody.
    #expect(try workspace.removable([names[2]]).map(\.name) == [names[2]])
    kill(number, SIGKILL)
    child.process.waitUntilExit()
    #expect(try queued() == Array(names[..<2]))
  }

  /// A sweep goes on with what was broken off, and mends what is damaged.
  @Test(arguments: [RunState.interrupted, .stale, .damaged]) func whatWasBrokenOffWaitsToo(state: RunState) throws {
    let run = workspace.runDirectory(named: names[0])
    if state == .damaged {
      try FileManager.default.removeItem(at: run.evaluationFile)
    } else {
      let events = try Journal.read(run.journal)
      let journal = try JournalWriter(url: run.journal, replacingAllBy: Array(events.dropLast(2)))
      if state == .interrupted {
        try journal.append(.interrupted(InterruptionRecord(reason: "SIGTERM", epoch: 1, stepInEpoch: 0)))
      }
    }
    try #require(try run.state() == state)
    let child = try start()
    defer { kill(child.process.processIdentifier, SIGKILL) }
    let error = #expect(throws: UsageError.self) { try workspace.removable([names[0]]) }
    #expect(error?.description.contains("\(names[0]) waits for the `safnet run` of small on this machine") == true)
  }

  @Test(arguments: [
    (["--workspace", "Workspace"], true), (["--workspace=Workspace"], true), (["--workspace", "Far"], false),
    (["--workspace=Far"], false), (["--dry-run"], false),
  ])
  func aSweepIsOfTheWorkspaceThatItNames(options: [String], isHere: Bool) throws {
    try queue(names[0])
    let child = try start(options)
    defer { kill(child.process.processIdentifier, SIGKILL) }
    if isHere {
      #expect(throws: UsageError.self) { try queued() }
    } else {
      #expect(try queued() == [names[0]])
    }
  }

  @Test func aSweepOfAnotherMachineIsFoundByItsWorkers() throws {
    try queue(names[0])
    // A cluster's job: who has started it is not known.
    let job = try hold(names[1], LockHolder(host: "node7", pid: 14))
    #expect(try queued() == [names[0]])
    job.release()
    let worker = try hold(names[1], LockHolder(host: "desk2", pid: 12, sweep: 10))
    let words =
      "the `safnet run` of small on desk2, process 10: press Ctrl-C in its terminal, or type `kill 10` there."
    #expect(
      throws: UsageError.runsAreBusy(BusyRuns(awaited: [.init(names: [names[0]], sweep: words)], workspace: place))
    ) { try queued() }
    worker.release()
    #expect(try queued() == [names[0]])
  }

  /// Its own end would leave its jobs.
  @Test func aSweepOfAClusterIsCancelled() throws {
    try queue(names[0])
    let folder = BatchFolder(workspace: workspace.root, experiment: "small")
    try Folder.create(folder.url)
    let lock = try #require(try FileLock.acquire(folder.lockFile))
    try lock.write(Data("process 9 on login".utf8))
    let child = try start()
    defer { kill(child.process.processIdentifier, SIGKILL) }
    let error = #expect(throws: UsageError.self) { try queued() }
    let words = error?.description ?? ""
    #expect(
      words.contains(
        "\(names[0]) waits for the `safnet run` of small that hands jobs in to a cluster, process 9 on login: `safnet cancel "
      ),
      "\(words)")
    #expect(words.contains("small.json") && words.contains("` ends it and its jobs.\n"), "\(words)")
    #expect(!words.contains("Ctrl-C"), "\(words)")
    lock.release()
  }

  /// Of runs that the experiment asked for before, a sweep that was begun since knows nothing.
  @Test func earlierRunsWaitForASweepOfThatTime() throws {
    try queue(names[0])
    try makeEarlier()
    let child = try start()
    defer { kill(child.process.processIdentifier, SIGKILL) }
    #expect(try queued() == [names[0]])
    let worker = try hold(names[1], LockHolder(host: "desk2", pid: 12, sweep: 10))
    #expect(throws: UsageError.self) { try queued() }
    worker.release()
  }

  /// Nobody asks for them any more, and somebody is about to train them.
  @Test func whatWaitsIsNotUnclaimed() throws {
    try queue(names[0])
    try makeEarlier()
    let file = sweep.folder.appending(path: "small.json")
    try Data(String(contentsOf: file, encoding: .utf8).replacing("\"epochs\": 1", with: "\"epochs\": 2").utf8).write(
      to: file)
    let (all, choice) = (RemovableRuns(unclaimedBy: []), RemovableRuns(state: .queued, unclaimedBy: []))
    #expect(try all.names(in: workspace) == Array(names[..<2]))
    let worker = try hold(names[1], LockHolder(host: "desk2", pid: 12, sweep: 10))
    #expect(try all.names(in: workspace) == [names[1]])
    #expect(try choice.names(in: workspace).isEmpty)
    #expect(
      choice.nothingChosen(in: workspace)
        == "1 run here is queued, and waits in a sweep that is at work: nothing is taken before that has ended.")
    worker.release()
    #expect(try choice.names(in: workspace) == [names[0]])
  }

  /// The first two runs are those of before.
  private func makeEarlier() throws {
    var record = try #require(workspace.experimentRecords().first { $0.name == "small" })
    let former = Set(names[..<2])
    for place in record.variants.indices { record.variants[place].runs.removeAll(where: former.contains) }
    record.earlier = [.init(name: "SAFNet", runs: Array(names[..<2]))]
    try workspace.write(record)
  }
}
