import Experiments
import Foundation
import Store
import System
import Testing
import Workbench

/// Runs that another machine's processes train, as their locks tell of them.
@Suite struct SweepHoldersTests {
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  /// - Returns: what holds the lock as long as it lives.
  private func hold(_ run: String, _ holder: LockHolder) throws -> FileLock {
    let lock = try #require(try FileLock.acquire(sweep.workspace.runDirectory(named: run).lockFile))
    try lock.write(JSONEncoder().encode(holder))
    return lock
  }

  private var words: String? { SweepHolders(sweep.workspace, of: "small").words }

  @Test func theOtherMachineIsNamed() throws {
    let runs = try sweep.workspace.runNames()
    #expect(words == nil)
    let first = try hold(runs[0], LockHolder(host: "desk2", pid: 12, sweep: 10))
    #expect(
      words
        == "1 run of it is trained on desk2, by process 10 there: press Ctrl-C in its terminal, or type `kill 10` there."
        + " What is saved stays, and the same `safnet run` goes on from there.")
    let second = try hold(runs[1], LockHolder(host: "desk2", pid: 13, sweep: 10))
    #expect(words?.hasPrefix("2 runs of it are trained on desk2, by process 10 there: ") == true, "\(words ?? "")")
    // Of an earlier program, or a cluster's: who has started it is not known.
    let third = try hold(runs[2], LockHolder(host: "node7", pid: 14))
    let lines = try #require(words).split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix("2 runs of it are trained on desk2"))
    #expect(
      lines[1]
        == "1 run of it is trained on node7, by the workers 14 there: type the same command there, or on a login node if they are a"
        + " cluster's jobs.")
    for lock in [first, second, third] { lock.release() }
    #expect(words == nil)
  }

  /// What the file is called by now finds what was begun under its earlier name; another file's runs stay another's.
  @Test func anExperimentThatWasRenamedIsFound() throws {
    let lock = try hold(try sweep.workspace.runNames()[0], LockHolder(host: "desk2", pid: 12, sweep: 10))
    defer { lock.release() }
    let text = try String(contentsOfFile: sweep.path("small.json"), encoding: .utf8)
      .replacingOccurrences(of: "\"name\": \"small\"", with: "\"name\": \"other\"")
    for (file, isFound) in [("small.json", true), ("copy.json", false)] {
      let place = sweep.folder.appending(path: file)
      try Data(text.utf8).write(to: place)
      let found = SweepHolders.words(of: try Specification.load(place), in: sweep.workspace)
      let start =
        "small.json called it small when this was begun, and jobs of a cluster are ended under that name only: 1 run of it"
        + " is trained on desk2, by process 10 there: "
      #expect(isFound ? found?.hasPrefix(start) == true : found == nil, "\(file): \(found ?? "")")
    }
  }

  /// Before its first run, and once its folders are gone: only its words tell of it, here those of another program.
  @Test func aSweepWithoutALockIsTold() throws {
    // Takes these words, and waits at its input for ever.
    let process = try ChildProcess(
      "awk", ["run", sweep.path("small.json"), "-", "--workspace", sweep.workspace.root.path], input: .pipe,
      output: .nothing, called: "safnet")
    defer {
      process.send(SIGTERM)
      process.wait()
    }
    let told = SweepHolders.wordsElsewhere(of: try sweep.specification(), besides: sweep.workspace)
    let number = process.identifier
    #expect(
      told
        == "A `safnet run` of small is at work on this machine and trains nothing at this moment, process \(number): press"
        + " Ctrl-C in its terminal, or type `kill \(number)`. What is saved stays, and the same `safnet run` goes on from"
        + " there.")
  }

  @Test func statusNamesItToo() throws {
    let planned = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: RecordedConsole())
    let run = sweep.workspace.runDirectory(named: try #require(try planned.read().first).run)
    try FileManager.default.removeItem(at: run.url.appending(path: "journal.jsonl"))
    try JournalWriter(url: run.journal).append(
      .started(
        WorkerRecord(host: "desk2", pid: 12, threads: 1, instructionSet: "avx2", programVersion: "1", attempt: 1)))
    let own = try hold(run.name, .current)
    func status() throws -> RunStatus { try #require(try planned.read().first { $0.run == run.name }) }
    #expect(try status().state == .running && status().host == nil)
    try own.write(JSONEncoder().encode(LockHolder(host: "desk2", pid: 12, sweep: 10)))
    #expect(try status().host == "desk2")
    #expect(try StatusTable.lines(planned.read()).contains("1 run is trained on desk2, another machine"))
    #expect(String(decoding: try JSONEncoder().encode(status()), as: UTF8.self).contains(#""host":"desk2""#))
    own.release()
    #expect(try status().host == nil)
  }
}
