import Foundation
import Synchronization
import System
import TestSupport
import Testing

/// Real child processes of a shell, since what is tested is the operating system's part.
@Suite struct ChildProcessTests {
  func shell(_ script: String, seconds: Double = 30) throws -> (text: String, end: ChildProcess.End) {
    let (output, end) = try ChildProcess.run("sh", ["-c", script], seconds: seconds)
    return (String(decoding: output, as: UTF8.self), end)
  }

  @Test func whatItPrintsAndHowItEndedComeBack() throws {
    let (text, end) = try shell("echo one; echo trouble >&2; printf two; exit 3")
    #expect(text == "one\ntwo" && end == .exited(code: 3))
    #expect(try shell("kill -9 $$").end == .killed(signal: SIGKILL))
  }

  /// More than a pipe holds.
  @Test func longOutputIsWhole() throws {
    #expect(try shell("head -c 1000000 /dev/zero | tr '\\0' x").text.utf8.count == 1_000_000)
  }

  @Test func whoTakesTooLongIsKilled() throws {
    #expect(try shell("echo begun; exec sleep 60", seconds: 0.2).end == .killed(signal: SIGKILL))
    let silent = try shell("echo done; exec >&-; exec sleep 60", seconds: 0.2)
    #expect(silent.text == "done\n" && silent.end == .killed(signal: SIGKILL))
  }

  /// A signal that a handler takes in the middle of the waiting does not make it endless.
  @Test func aSignalDoesNotUndoTheLimit() throws {
    signal(SIGURG) { _ in }
    let waiting = pthread_self()
    let isOver = Mutex(false)
    let disturber = Thread {
      while !isOver.withLock({ $0 }) {
        pthread_kill(waiting, SIGURG)
        usleep(20_000)
      }
    }
    disturber.start()
    let (_, end) = try shell("exec sleep 60", seconds: 0.3)
    isOver.withLock { $0 = true }
    #expect(end == .killed(signal: SIGKILL))
  }

  /// As Git's monitor of a file system: what the program has started is ended with it.
  @Test func whatItStartedIsEndedToo() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "number")
      #expect(try shell("sleep 60 & echo $! > \(file.path); wait", seconds: 0.3).end == .killed(signal: SIGKILL))
      let text = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .newlines)
      let number = try #require(pid_t(text))
      for _ in 0..<100 where kill(number, 0) == 0 { usleep(10_000) }
      #expect(ProgramFile.path(ofProcess: number) == nil)
    }
  }

  @Test func questionsAreAnsweredInTurns() throws {
    let child = try ChildProcess(
      "sh", ["-c", "while read line; do echo \"$WORD $line\"; done"], input: .pipe, output: .pipe, errors: .inherited,
      environment: ["WORD": "heard"])
    for word in ["a", "b"] {
      #expect(child.write("\(word)\n"))
      #expect(child.readLine() == "heard \(word)")
    }
    child.letGo()
    #expect(child.readLine() == nil && child.wait() == .exited(code: 0))
  }

  @Test func aChildThatHasGoneIsNoReasonToEnd() throws {
    let child = try ChildProcess("sh", ["-c", "exit 0"], input: .pipe, output: .pipe)
    #expect(child.readLine() == nil && child.wait() == .exited(code: 0))
    #expect(!child.write(String(repeating: "x", count: 1 << 20)))
    child.send(SIGTERM)
    #expect(child.poll() == .exited(code: 0))
  }

  /// So that a signal of the terminal reaches the parent alone, and nothing that the parent ignores is ignored below.
  @Test func itHasAGroupAndSignalsOfItsOwn() throws {
    let child = try ChildProcess("sleep", ["60"], input: .nothing, output: .nothing)
    #expect(getpgid(child.identifier) == child.identifier)
    child.send(SIGPIPE)
    #expect(child.wait() == .killed(signal: SIGPIPE))
  }

  @Test func outputIsAppendedToALog() throws {
    try withTemporaryFolder { folder in
      let log = folder.appending(path: "log")
      for word in ["one", "two"] {
        let shell = URL(fileURLWithPath: "/bin/sh")
        let child = try ChildProcess(executable: shell, arguments: ["-c", "echo \(word); echo err >&2"], log: log)
        child.wait()
      }
      #expect(try String(contentsOf: log, encoding: .utf8) == "one\nerr\ntwo\nerr\n")
    }
  }

  @Test func whatCannotBeStartedIsNamed() {
    #expect(throws: ChildProcess.SpawnError.cannotStart(path: "no-such-program", code: ENOENT)) {
      try ChildProcess.run("no-such-program", [], seconds: 1)
    }
    let log = URL(fileURLWithPath: "/nowhere/log")
    #expect(throws: ChildProcess.SpawnError.cannotOpenLog(path: log.path, code: ENOENT)) {
      try ChildProcess("true", [], input: .pipe, output: .file(log))
    }
  }

  /// A process that starts many children must not run out of descriptors.
  @Test func nothingStaysOpen() throws {
    let before = try Folder.names(in: URL(fileURLWithPath: "/proc/self/fd")).count
    for _ in 0..<100 {
      _ = try shell("exit 0")
      _ = try? ChildProcess("no-such-program", [], input: .pipe, output: .pipe)
      _ = try? ChildProcess("true", [], input: .pipe, output: .file(URL(fileURLWithPath: "/nowhere/log")))
    }
    // Other tests of this process open files meanwhile.
    #expect(try Folder.names(in: URL(fileURLWithPath: "/proc/self/fd")).count < before + 60)
  }
}
