import Foundation
import Scheduling
import System
import TestSupport
import Testing

/// Real child processes of a shell, since what is tested is the operating system's part.
@Suite struct LocalExecutorTests {
  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }

  init() throws {
    temporary = try TemporaryFolder()
  }

  func executor(_ script: String) -> LocalExecutor {
    LocalExecutor(
      executable: URL(fileURLWithPath: "/bin/sh"), arguments: { ["-c", script, "sh", $0.name, "\($0.threads)"] })
  }

  func job(_ name: String, log: String = "worker.log") -> Job {
    let run = SweepRun(
      name: name, label: name, directory: folder, log: folder.appendingPathComponent(log), work: 1)
    return Job(run: run, threads: 3)
  }

  /// Waits up to ten seconds for the next ended job.
  func ended(_ executor: LocalExecutor) -> (name: String, end: JobEnd)? {
    for _ in 0..<1000 {
      for case (let name, .ended(let end)) in executor.poll() { return (name, end) }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return nil
  }

  @Test func outputGoesToTheLogAndTheExitCodeComesBack() throws {
    let executor = executor("echo job $1 with $2 threads; echo trouble >&2; exit 4")
    #expect(executor.submit([job("a")]) == [:])
    let end = try #require(ended(executor))
    #expect(end.name == "a" && end.end == .refused)
    #expect(LogTail.read(folder.appendingPathComponent("worker.log")) == ["job a with 3 threads", "trouble"])
    #expect(executor.poll().isEmpty)
  }

  @Test func interruptIsATerminationSignalThatMayBeHandled() throws {
    let executor = executor("trap 'exit 130' TERM; echo ready; while :; do sleep 0.02; done")
    #expect(executor.submit([job("a")]) == [:])
    while LogTail.read(folder.appendingPathComponent("worker.log")).isEmpty { Thread.sleep(forTimeInterval: 0.01) }
    executor.interrupt(["a"])
    #expect(ended(executor)?.end == .interrupted)
  }

  @Test func killEndsAtOnce() throws {
    let executor = executor("trap '' TERM; exec sleep 60")
    #expect(executor.submit([job("a")]) == [:])
    executor.kill(["a"])
    #expect(ended(executor)?.end == .crashed(signal: 9))
  }

  @Test func aChildSeesEndOfFileWhenItsParentLetsGo() throws {
    var executor: LocalExecutor? = executor("cat; echo gone")
    #expect(executor?.submit([job("a")]) == [:])
    executor = nil  // which waits for its children
    #expect(LogTail.read(folder.appendingPathComponent("worker.log")) == ["gone"])
  }

  @Test func siblingsDoNotKeepEachOthersLifeline() throws {
    var first: LocalExecutor? = executor("cat; echo gone")
    #expect(first?.submit([job("a")]) == [:])
    let second = executor("exec sleep 60")
    #expect(second.submit([job("b")]) == [:])
    first = nil
    #expect(LogTail.read(folder.appendingPathComponent("worker.log")) == ["gone"])
    second.kill(["b"])
  }

  @Test func aMissingExecutableIsRefusedWithItsPath() {
    let executor = LocalExecutor(executable: URL(fileURLWithPath: "/nowhere/safnet"), arguments: { _ in [] })
    #expect(
      executor.submit([job("a")]) == ["a": "/nowhere/safnet could not be started: No such file or directory"])
  }

  @Test func aLogThatCannotBeOpenedIsRefusedWithItsPath() {
    let executor = LocalExecutor(executable: URL(fileURLWithPath: "/bin/sh"), arguments: { _ in ["-c", "exit 0"] })
    let log = folder.appendingPathComponent("gone/run.log")
    #expect(
      executor.submit([job("a", log: "gone/run.log")])
        == ["a": "\(log.path) could not be opened: No such file or directory"])
    #expect(executor.poll().isEmpty)
  }

  @Test func aTypoInAnExecutorsNameIsAnsweredWithTheNearest() throws {
    let list = ExecutorList([.local])
    #expect(try list.named("local").name == "local")
    let error = #expect(throws: UnknownExecutor.self) { try list.named("locla") }
    #expect(error?.description == "--executor 'locla' is unknown, did you mean local?; there is local")
  }

  @Test func logTailKeepsTheEnd() throws {
    let log = folder.appendingPathComponent("long.log")
    try (1...5000).map { "line \($0)\n" }.joined().write(to: log, atomically: true, encoding: .utf8)
    #expect(LogTail.read(log, lines: 3) == ["line 4998", "line 4999", "line 5000"])
    #expect(LogTail.read(folder.appendingPathComponent("none.log")).isEmpty)
  }

  /// Neither who reads nor who writes waits for the other end.
  @Test(.timeLimit(.minutes(1))) func aPipeInTheLogsPlaceIsNotWaitedFor() throws {
    let pipe = folder.appendingPathComponent("pipe.log")
    try #require(mkfifo(pipe.path, 0o600) == 0)
    #expect(LogTail.read(pipe).isEmpty)
    #expect(LogTail.refusal(pipe) != nil)
    LogTail.append("gone", to: pipe)
    #expect(throws: ChildProcess.SpawnError.cannotOpenLog(path: pipe.path, code: ENXIO)) {
      _ = try ChildProcess("/bin/echo", [], input: .nothing, output: .file(pipe))
    }
  }

  /// A link to the device that is always full stands for a log on a full disk.
  @Test func anEmptyLogSaysWhatRefusedIt() throws {
    let (full, log) = (folder.appendingPathComponent("full.log"), folder.appendingPathComponent("good.log"))
    try FileManager.default.createSymbolicLink(atPath: full.path, withDestinationPath: "/dev/full")
    #expect("\(try #require(LogTail.refusal(full)))".contains("no space left on device"))
    #expect(LogTail.refusal(log) == nil && LogTail.read(log).isEmpty)
  }
}
