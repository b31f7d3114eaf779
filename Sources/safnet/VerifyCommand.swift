import ArgumentParser
import Foundation
import Workbench

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Prove on this machine that an interrupted sweep ends in the same bits.",
    discussion: """
      Trains a small sweep undisturbed on one thread; then again and again while coordinators and workers are killed
      (SIGKILL) or interrupted (SIGTERM) at random instants and restarted with other numbers of workers and threads, until
      so often a kill has met a process at work; then compares every file that is left: plans, checkpoints, metrics,
      evaluations, predictions, prepared cases, splits, and the report's tables. Takes a few minutes.

      Examples:
        safnet verify
        safnet verify --kills 100 --seed 7
        safnet verify --experiment Experiments/demo.json --kills 20
      """)

  @Option(help: ArgumentHelp("A small experiment to use instead of the built-in one.", valueName: "spec"))
  var experiment: String?
  @Option(help: "How often a SIGKILL must meet a process, or all of them, at work.") var kills = 12
  @Option(help: "Seed of the instants.") var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Keep both workspaces in this folder.", valueName: "folder")) var keep: String?

  func validate() throws {
    if kills < 1 { throw ValidationError("--kills must be at least 1") }
  }

  func run() throws {
    let folder =
      keep.map { URL(fileURLWithPath: $0, isDirectory: true) }
      ?? FileManager.default.temporaryDirectory.appendingPathComponent("safnet-verify-\(getpid())", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { if keep == nil { try? FileManager.default.removeItem(at: folder) } }
    let verification = try Verification(
      folder: folder, experiment: experiment.map { URL(fileURLWithPath: $0) }, kills: kills, seed: seed, program: .this)
    let outcome = try verification.run { console.error($0) }
    for line in outcome.lines { console.print(line) }
    console.print(try outcome.verdict())
  }
}
