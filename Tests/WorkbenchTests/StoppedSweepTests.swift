import Foundation
import Store
import System
import TestSupport
import Testing
import Workbench

/// Processes that stand still. A shell that is called `safnet`, with a script called `run`, has the words of a `safnet run`.
@Suite struct StoppedSweepTests {
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  private func start(_ script: String, as name: String = "safnet") throws -> ChildProgram {
    try Data(script.utf8).write(to: sweep.folder.appending(path: "run"))
    let program = sweep.folder.appending(path: name)
    try FileManager.default.createSymbolicLink(atPath: program.path, withDestinationPath: "/bin/sh")
    return try ChildProgram(program, ["run", "small.json"], in: sweep.folder)
  }

  /// As Ctrl-Z does; returns when the system says so.
  private func stop(_ process: Int) throws {
    kill(pid_t(process), SIGSTOP)
    for _ in 0..<600 where !LockHolder.isStopped(process) { Thread.sleep(forTimeInterval: 0.01) }
    try #require(LockHolder.isStopped(process))
  }

  private struct NoWorker: Error {}

  /// The number that a script writes into the file `worker`.
  private func worker() throws -> Int {
    let file = sweep.folder.appending(path: "worker")
    for _ in 0..<600 {
      let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
      if text.hasSuffix("\n"), let number = Int(text.dropLast()) { return number }
      Thread.sleep(forTimeInterval: 0.01)
    }
    throw NoWorker()
  }

  /// Between two runs it trains nothing, and no lock tells of it.
  @Test func aStoppedSweepIsFoundByItsWords() throws {
    let child = try start("while :; do sleep 1; done\n")
    let number = Int(child.process.processIdentifier)
    defer { kill(child.process.processIdentifier, SIGKILL) }
    try stop(number)
    let words = SweepHolders.wordsElsewhere(of: try sweep.specification(), besides: sweep.workspace)
    #expect(
      words.contains(" from there. A `safnet run` of it stands still, process \(number) (stopped, as by Ctrl-Z): "),
      "\(words)")
    #expect(!words.contains("A sweep in another workspace"), "\(words)")
  }

  /// Others have a command `run` too.
  @Test func anotherProgramThatIsStoppedIsNone() throws {
    let child = try start("while :; do sleep 1; done\n", as: "docker")
    defer { kill(child.process.processIdentifier, SIGKILL) }
    try stop(Int(child.process.processIdentifier))
    let words = SweepHolders.wordsElsewhere(of: try sweep.specification(), besides: sweep.workspace)
    #expect(!words.contains("stands still"), "\(words)")
  }

  @Test func aWorkerThatStandsStillIsToldToGoOn() throws {
    let child = try start("sleep 600 &\necho $! > worker\nwait\n")
    let parent = child.process.processIdentifier
    defer { kill(child.process.processIdentifier, SIGKILL) }
    let number = try worker()
    defer { kill(pid_t(number), SIGKILL) }
    let run = sweep.workspace.runDirectory(named: try sweep.workspace.runNames()[0])
    let lock = try #require(try FileLock.acquire(run.lockFile))
    defer { lock.release() }
    try lock.write(JSONEncoder().encode(LockHolder(host: Machine.hostName, pid: number)))
    func words() -> String { SweepHolders(sweep.workspace, of: "small").words ?? "" }
    #expect(words().hasPrefix("1 run of it is trained on this machine, by process \(parent): "), "\(words())")
    #expect(!words().contains("stands still"), "\(words())")
    try stop(number)
    let advice = " A worker that stands still must go on for that: `kill -CONT \(number)`."
    #expect(words().hasSuffix(advice), "\(words())")
  }
}
