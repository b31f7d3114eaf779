import Foundation
import Testing

/// Sweeps of the small experiment that are shared, interrupted or fail, as a user would run them.
@Suite(.serialized) struct SweepCommandTests {
  @Test func twoCoordinatorsShareTheWork() throws {
    let program = try Program(epochs: 4)
    let first = try program.start(["run", "small.json", "--threads", "1", "--jobs", "1"])
    let second = try program.start(["run", "small.json", "--threads", "1", "--jobs", "1"])
    let results = [try first.wait(), try second.wait()]
    #expect(results.map(\.status) == [0, 0], "\(results)")
    let starts = try program.journals().map { $0.components(separatedBy: "\"event\":\"started\"").count - 1 }
    #expect(starts == [1, 1, 1, 1])
    #expect(results.allSatisfy { $0.errors.contains("finished ") })
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGUSR1])
  func anInterruptedSweepSavesAndGoesOn(signal: Int32) throws {
    let program = try Program(epochs: 60)
    let sweep = try program.start(["run", "small.json", "--threads", "1", "--only", "SAFNet", "--folds", "1"])
    try waitForText("epochs", in: sweep.errors)
    kill(sweep.process.processIdentifier, signal)
    let stopped = try sweep.wait()
    #expect(stopped.status == 130, "\(stopped.errors)")
    #expect(stopped.errors.contains("interrupted; its state is saved"))
    let status = try program.json("status", "--json")
    #expect(status.map { $0["state"] as? String } == ["interrupted"])
    let done = try #require(status[0]["epochs"] as? Int)
    #expect(done >= 1 && done < 60)
    // Finishing it once is enough.
    guard signal == SIGINT else { return }
    let worker = try program.start(["worker", "Workspace/runs/\(try #require(status[0]["run"] as? String))"]).wait()
    #expect(worker.status == 0, "\(worker.errors)")
    #expect(try program("status", "--json").output.contains("\"finished\""))
  }

  @Test func aKilledCoordinatorLeavesNoWorkerBehind() throws {
    let program = try Program(epochs: 60)
    let sweep = try program.start(["run", "small.json", "--threads", "1", "--folds", "1", "--jobs", "2"])
    try waitForText("started Base", in: sweep.errors)
    kill(sweep.process.processIdentifier, SIGKILL)
    _ = try sweep.wait()
    var states: [String] = ["running"]
    for _ in 0..<100 where states.contains("running") {
      Thread.sleep(forTimeInterval: 0.1)
      states = try program.json("status", "--json").compactMap { $0["state"] as? String }
    }
    #expect(states == ["interrupted", "interrupted"])
    #expect(try program.journals().allSatisfy { $0.contains("the coordinator is gone") })
  }

  /// A limit on file sizes refuses the first checkpoint as a full disk would.
  @Test func aFullDiskIsAClearErrorAndCostsNothingThatWasFinished() throws {
    let program = try Program(epochs: 3)
    #expect(try program("run", "small.json", "--threads", "1", "--only", "Base", "--folds", "1").status == 0)
    let limited = try program.start(
      ["-c", "ulimit -f 100; exec \"$0\" run small.json --threads 1 --folds 1 --retries 0", Program.executable.path],
      executable: URL(fileURLWithPath: "/bin/sh")
    ).wait()
    #expect(limited.status == 1)
    #expect(
      limited.errors.contains("/.last.h5.") && limited.errors.contains("file too large. Raise the limit on file sizes"))
    let states = try program.json("status", "--json").compactMap { $0["state"] as? String }
    #expect(states.sorted() == ["failed", "finished"])
    #expect(try program("run", "small.json", "--threads", "1", "--folds", "1").status == 0)
  }

  @Test func asManyCheckpointsStayAsAskedFor() throws {
    let program = try Program(epochs: 60)
    let sweep = try program.start(
      ["run", "small.json", "--threads", "1", "--only", "Base", "--folds", "1", "--keep-checkpoints", "2"])
    let runs = program.folder.appendingPathComponent("Workspace/runs")
    func checkpoints() -> [String] {
      let files = FileManager.default.enumerator(atPath: runs.path)?.compactMap { $0 as? String } ?? []
      return files.map { ($0 as NSString).lastPathComponent }.filter { $0.hasPrefix("last.") }.sorted()
    }
    for _ in 0..<600 where !checkpoints().contains("last.previous-2.h5") { Thread.sleep(forTimeInterval: 0.1) }
    kill(sweep.process.processIdentifier, SIGTERM)
    #expect(try sweep.wait().status == 130)
    #expect(checkpoints() == ["last.h5", "last.previous-2.h5", "last.previous.h5"])
    // The number is no part of the plan: the same run goes on, with fewer.
    let shorter = try program(
      "run", "small.json", "--threads", "1", "--only", "Base", "--folds", "1", "--keep-checkpoints", "0")
    #expect(shorter.status == 0, "\(shorter.errors)")
    #expect(try program.journals().map { $0.components(separatedBy: "\"event\":\"started\"").count } == [2])
    #expect(checkpoints() == ["last.h5"])
  }

  func waitForText(_ text: String, in file: URL) throws {
    for _ in 0..<600 {
      if try String(contentsOf: file, encoding: .utf8).contains(text) { return }
      Thread.sleep(forTimeInterval: 0.1)
    }
    Issue.record("'\(text)' did not appear")
  }

  @Test func aFailedRunIsReportedWithItsLog() throws {
    let program = try Program()
    let result = try program(
      "run", "small.json", "--threads", "1", "--only", "Base", "--folds", "2", "--set", "training.learningRate=1e38")
    #expect(result.status == 1)
    #expect(result.errors.contains("diverged in epoch 1"))
    #expect(!result.errors.contains("starts again"))
    let status = try program("status").output
    #expect(status.contains("failed") && status.contains("Lower training.learningRate"))
  }

  @Test func interruptedSweepsEndInTheSameBits() throws {
    let program = try Program()
    let result = try program("verify", "--kills", "10", "--seed", "3")
    #expect(result.status == 0, "\(result.errors) \(result.output)")
    #expect(
      result.output.contains(
        /\n10 kills and (1 interruption|\d+ interruptions) of \d sweeps?, \d+ parts each: no differences\n$/))
    // Which process a kill meets depends on the machine's speed; every kind of file was compared.
    #expect(result.errors.contains("SIGKILL to "))
    for part in [
      "journal.jsonl epochs", "plan.json plan", "last.h5 second_moments", "best.h5 parameters", "best.h5 position",
      "evaluation.h5", ".nii.gz", "Case8.case", "summary.json", "splits_final.json", "folds.csv", "surfaces.csv",
    ] {
      #expect(result.output.contains(part), "\(part) was not compared")
    }
  }
}
