import Foundation
import TestSupport
import Testing

/// Signals as shells, terminals and clusters send them.
@Suite(.serialized) struct SignalCommandTests {
  private func shell(_ script: String, _ program: Program) throws -> ChildProgram {
    try program.start(
      ["-c", script, Program.executable.path], executable: URL(fileURLWithPath: "/bin/bash"))
  }

  private func waitForText(_ text: String, in file: URL) throws {
    for _ in 0..<600 {
      if try String(contentsOf: file, encoding: .utf8).contains(text) { return }
      Thread.sleep(forTimeInterval: 0.1)
    }
    Issue.record("'\(text)' did not appear")
  }

  private static let sweep = "run small.json --threads 1 --jobs 1 --only Base --folds 1"

  @Test(arguments: ["HUP", "INT", "TERM", "USR1"]) func whatIsIgnoredByInheritanceStopsNothing(signal: String) throws {
    let program = try Program(epochs: 40)
    let sweep = try shell("trap '' \(signal); exec \"$0\" \(Self.sweep)", program)
    try waitForText("epochs", in: sweep.errors)
    let number = ["HUP": SIGHUP, "INT": SIGINT, "TERM": SIGTERM, "USR1": SIGUSR1][signal]!
    kill(sweep.process.processIdentifier, number)
    let result = try sweep.wait()
    #expect(result.status == 0 && result.errors.contains("asked for are finished"), "\(result.errors)")
  }

  /// Of a sweep whose terminal is gone, another one tells what ends it; a worker alone would be started again.
  @Test func aSweepOfThisMachineIsNamedByCancel() throws {
    let program = try Program(epochs: 40)
    let sweep = try shell("exec \"$0\" \(Self.sweep)", program)
    try waitForText("epochs", in: sweep.errors)
    let (told, number) = (try program("cancel", "small.json"), sweep.process.processIdentifier)
    #expect(told.status == 1 && told.errors.contains("type `kill \(number)`"), "\(told.errors)")
    kill(number, SIGTERM)
    #expect(try !sweep.wait().errors.contains("asked for are finished"))
  }

  /// As Ctrl-Z leaves it: its workers go on, and it obeys nothing before it does.
  @Test func aStoppedSweepIsToldHowToEnd() throws {
    let program = try Program(epochs: 400)
    let sweep = try shell("exec \"$0\" \(Self.sweep)", program)
    try waitForText("epochs", in: sweep.errors)
    let number = sweep.process.processIdentifier
    kill(number, SIGSTOP)
    defer { kill(number, SIGKILL) }
    let told = try program("cancel", "small.json")
    #expect(told.errors.contains("by process \(number) (stopped, as by Ctrl-Z)"), "\(told.errors)")
    let status = try program("status", "small.json")
    #expect(status.errors.contains("stands still, process \(number) (stopped, as by Ctrl-Z)"), "\(status.errors)")
    let advice = try #require(told.errors.firstMatch(of: /type `(kill \d+ && kill -CONT \d+)`/), "\(told.errors)").1
    // As the advice says.
    _ = try shell(String(advice), program).wait()
    #expect(try sweep.wait().errors.contains("Interrupted; the same command goes on where this stopped."))
  }

  /// From another workspace than the sweep's, which is found by its worker.
  @Test func aSweepOfAnotherWorkspaceIsNamedByCancel() throws {
    let program = try Program(epochs: 40)
    let before = try program("run", "small.json", "--set", "training.epochs=1", "--only", "Base", "--folds", "1")
    #expect(before.status == 0, "\(before.errors)")
    let none = try program("cancel", "small.json")
    #expect(none.status == 1 && none.errors.hasPrefix("Nothing of small is trained from "), "\(none.errors)")
    #expect(none.errors.contains("A sweep in another workspace is named by --workspace"), "\(none.errors)")
    let sweep = try shell("exec \"$0\" \(Self.sweep) --workspace Far", program)
    try waitForText("epochs", in: sweep.errors)
    let (told, number) = (try program("cancel", "small.json"), sweep.process.processIdentifier)
    let far = program.folder.appendingPathComponent("Far").resolvingSymlinksInPath().path
    #expect(
      told.status == 1 && told.errors.contains("From the workspace \(far): 1 run of it is trained"), "\(told.errors)")
    #expect(told.errors.contains("type `kill \(number)`"), "\(told.errors)")
    kill(number, SIGTERM)
    #expect(try !sweep.wait().errors.contains("asked for are finished"))
  }

  /// Put into the background by a shell without job control, which has it ignore SIGINT.
  @Test func aBackgroundJobOfAScriptIsNotInterrupted() throws {
    let program = try Program(epochs: 40)
    let sweep = try shell("\"$0\" \(Self.sweep) & p=$!; sleep 3; kill -INT $p; wait $p; echo end $?", program)
    let result = try sweep.wait()
    #expect(result.output == "end 0\n", "\(result.errors)")
  }

  /// A phantom of many large images takes minutes; nothing is lost when it ends at once.
  @Test(arguments: [SIGINT, SIGTERM]) func preparingEndsAtOnce(signal: Int32) throws {
    let program = try Program()
    let sweep = try program.start([
      "run", "small.json", "--set", "dataset.phantom.cases=500", "--set", "dataset.phantom.height=512", "--set",
      "dataset.phantom.width=512",
    ])
    Thread.sleep(forTimeInterval: 1.5)
    let start = Date()
    kill(sweep.process.processIdentifier, signal)
    let result = try sweep.wait()
    #expect(result.status == 130 && Date().timeIntervalSince(start) < 60, "\(result.errors)")
    #expect(result.errors.hasSuffix("Interrupted; the same command goes on where this stopped.\n"))
  }

  /// A Git that never answers, as on a network disk that is gone.
  @Test func aHangingGitIsNotWaitedFor() throws {
    let program = try Program()
    let bin = program.folder.appendingPathComponent("bin")
    try writeProgram("#!/bin/sh\nexec sleep 600\n", to: bin.appendingPathComponent("git"))
    let path = bin.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    let start = Date()
    let result = try program.start(Self.sweep.components(separatedBy: " "), environment: ["PATH": path]).wait()
    #expect(result.status == 0 && Date().timeIntervalSince(start) < 600, "\(result.errors)")
    #expect(result.errors.components(separatedBy: "notice: git did not answer in time").count == 2, "\(result.errors)")
  }

  /// The processes that another one has started.
  private func children(of process: pid_t) throws -> [pid_t] {
    try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { name in
      guard let number = pid_t(name), let status = try? String(contentsOfFile: "/proc/\(name)/status", encoding: .utf8)
      else { return nil }
      return status.contains("\nPPid:\t\(process)\n") ? number : nil
    }
  }

  /// Whatever kills a worker, its log says so. (Without Swift's backtracer, which would take the signal for itself.)
  @Test(arguments: [(SIGSEGV, "SIGSEGV"), (SIGABRT, "SIGABRT"), (SIGKILL, "SIGKILL"), (SIGBUS, "SIGBUS")])
  func aKilledWorkersLogEndsWithTheSignal(signal: Int32, name: String) throws {
    let program = try Program(epochs: 400)
    let sweep = try program.start(
      Self.sweep.components(separatedBy: " ") + ["--retries", "0"], environment: ["SWIFT_BACKTRACE": "enable=no"])
    try waitForText("epochs", in: sweep.errors)
    kill(try #require(try children(of: sweep.process.processIdentifier).first), signal)
    let result = try sweep.wait()
    #expect(result.status == 1 && result.errors.contains("signal \(signal)"), "\(result.errors)")
    let log = try program.run(fold: 1).logFile
    let last = try String(contentsOf: log, encoding: .utf8).components(separatedBy: "\n").last { !$0.isEmpty }
    #expect(last?.contains("signal \(signal)") == true, "\(last ?? "")")
  }

  /// A worker that somebody has stopped (Ctrl-Z, SIGSTOP) is told of with what lets it go on, and goes on after that.
  @Test func aStoppedWorkerIsToldOfAndGoesOn() throws {
    let program = try Program(epochs: 60)
    let sweep = try program.start(Self.sweep.components(separatedBy: " "))
    try waitForText("epochs", in: sweep.errors)
    let worker = try #require(try children(of: sweep.process.processIdentifier).first)
    kill(worker, SIGSTOP)
    defer { kill(worker, SIGCONT) }
    let advice = "it is stopped: `kill -CONT \(worker)` lets it go on"
    var told = ""
    for _ in 0..<60 where !told.contains(advice) {
      Thread.sleep(forTimeInterval: 0.5)
      told = try program("status", "small.json").output
    }
    #expect(told.contains(advice), "\(told)")
    let busy = try program("runs", "remove", program.run(fold: 1).name, "--yes")
    #expect(busy.status != 0 && busy.errors.contains("It is stopped: interrupt its `safnet run`"), "\(busy.errors)")
    kill(worker, SIGCONT)
    let result = try sweep.wait()
    #expect(result.status == 0 && result.errors.contains("asked for are finished"), "\(result.errors)")
  }

  /// While it trains: the report says that more will come, and the sweep what has become of its file.
  @Test func aReportInMidSweepCountsTheRunsThatAreTrained() throws {
    let program = try Program(epochs: 60)
    let other = try program("run", "small.json", "--threads", "1", "--jobs", "1", "--only", "Base", "--folds", "2")
    #expect(other.status == 0, "\(other.errors)")
    let sweep = try program.start(Self.sweep.components(separatedBy: " "))
    try waitForText("epochs", in: sweep.errors)
    let report = try program("report", "small.json", "--format", "csv")
    #expect(
      report.errors.contains("notice: 1 run of these is being trained now and not in the means; give the same command"),
      "\(report.errors)")
    try FileManager.default.moveItem(
      at: program.folder.appending(path: "small.json"), to: program.folder.appending(path: "large.json"))
    let result = try sweep.wait()
    #expect(
      result.status == 0
        && result.errors.hasSuffix(
          "The experiment's file is no longer where it was: `safnet report` with its new name makes the tables in Reports/.\n"
        ),
      "\(result.errors)")
  }

  /// The file at the program's path is replaced while a sweep runs: the later runs are trained by the old program.
  @Test func aReplacedProgramTrainsNothing() throws {
    let program = try Program(epochs: 30)
    let mine = program.folder.appendingPathComponent("mine")
    try FileManager.default.copyItem(at: Program.executable, to: mine)
    let sweep = try program.start(
      ["run", "small.json", "--threads", "1", "--jobs", "1", "--only", "Base"], executable: mine)
    try waitForText("epochs", in: sweep.errors)
    let other = program.folder.appendingPathComponent("other")
    try writeProgram("#!/bin/sh\necho started > \(program.folder.path)/new.txt\nexit 1\n", to: other)
    try #require(rename(other.path, mine.path) == 0)
    let result = try sweep.wait()
    #expect(result.status == 0, "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: program.folder.appendingPathComponent("new.txt").path))
  }
}
