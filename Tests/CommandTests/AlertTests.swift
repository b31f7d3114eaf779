import Foundation
import TestSupport
import Testing

/// `safnet run --notify` with a real script.
@Suite struct AlertTests {
  private func alerts(_ program: Program, _ arguments: String...) throws -> (
    lines: [[String: Any]], result: Program.Result
  ) {
    let script = program.folder.appendingPathComponent("alert.sh")
    try writeProgram("#!/bin/sh\ncat >> alerts.jsonl\n", to: script)
    let result = try program.start(
      ["run", "small.json", "--threads", "1", "--notify", "./alert.sh"] + arguments
    ).wait()
    let text = (try? String(contentsOf: program.folder.appendingPathComponent("alerts.jsonl"), encoding: .utf8)) ?? ""
    return (
      try text.split(separator: "\n").compactMap {
        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      },
      result
    )
  }

  @Test func finishedRunsAndTheEndAreTold() throws {
    let program = try Program(epochs: 1)
    let (lines, result) = try alerts(program, "--notify-disk", "0")
    #expect(result.status == 0, "\(result.errors)")
    #expect(lines.compactMap { $0["event"] as? String } == ["finished", "finished", "finished", "finished", "over"])
    #expect(Set(lines.compactMap { $0["label"] as? String }).count == 4)
    #expect(lines.allSatisfy { $0["experiment"] as? String == "small" && $0["total"] as? Int == 4 })
    #expect(lines.last?["finished"] as? Int == 4)
    #expect((lines.first?["log"] as? String)?.hasSuffix("/run.log") == true && lines.first?["seconds"] is Double)
    #expect(!result.errors.contains("--notify"))
  }

  @Test func divergedRunsAndALowDiskAreTold() throws {
    let program = try Program(epochs: 1)
    let (lines, result) = try alerts(
      program, "--set", "training.learningRate=1e30", "--only", "Base", "--folds", "1", "--notify-disk", "900000")
    #expect(result.status == 1)
    #expect(Set(lines.compactMap { $0["event"] as? String }) == ["diverged", "diskLow", "over"], "\(lines)")
    let diverged = lines.first { $0["event"] as? String == "diverged" }
    #expect(
      (diverged?["message"] as? String)?.contains("diverged in epoch 1") == true && diverged?["failed"] as? Int == 1)
    #expect(lines.first { $0["event"] as? String == "diskLow" }?["freeDisk"] is Int)
  }

  @Test func aCommandThatFailsCostsNothing() throws {
    let program = try Program(epochs: 1)
    let result = try program("run", "small.json", "--threads", "1", "--notify", "exit 7")
    #expect(result.status == 0)
    #expect(result.errors.components(separatedBy: "the command of --notify ended with exit code 7").count == 2)
    #expect(try program("run", "small.json", "--notify", " ").status == 2)
  }
}
