import ArgumentParser
import Foundation
import System
import Training
import Workbench

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Prove on this machine that an interrupted sweep ends in the same bits.",
    discussion: """
      Trains a small sweep undisturbed on one thread; then again and again while coordinators and workers are killed \
      (SIGKILL) or interrupted (SIGTERM) at random instants and restarted with other numbers of workers and threads, until \
      so often a kill has met a process at work; then compares every file that is left: plans, checkpoints, metrics, \
      evaluations, predictions, prepared cases, splits, and the report's tables. Takes a few minutes.

      Examples:
        safnet verify
        safnet verify --kills 100 --seed 7
        safnet verify --experiment Experiments/demo.json --kills 20
        safnet verify --engine pjrt
      """)

  @Option(help: ArgumentHelp("A small experiment to use instead of the built-in one.", valueName: "spec"))
  var experiment: String?
  @OptionGroup var engine: EngineOptions
  @Option(help: "How often a SIGKILL must meet a process, or all of them, at work.") var kills = 12
  @Option(help: "Seed of the instants.") var seed: UInt64 = 1
  @Option(help: ArgumentHelp("Keep both workspaces in this folder.", valueName: "folder")) var keep: String?

  func validate() throws {
    if kills < 1 { throw ValidationError("--kills must be at least 1") }
  }

  func run() throws {
    let folder = try workingFolder()
    defer { if keep == nil { try? FileManager.default.removeItem(at: folder) } }
    // Its sweeps have a lifeline: they leave when this process does.
    let stop = StopFlag { [isKept = keep != nil] in
      if !isKept { try? FileManager.default.removeItem(at: folder) }
      console.error("Interrupted.")
      _exit(130)
    }
    SignalWatcher.start(raising: stop)
    try stop.whileNothingIsAtStake { try verify(in: folder) }
  }

  /// In a folder that everybody may write to, one of our own: what others have put there is neither read nor written through.
  private func workingFolder() throws -> URL {
    guard let keep else {
      return try PrivateFolder.create(in: FileManager.default.temporaryDirectory, beginning: "safnet-verify-")
    }
    let folder = URL(fileURLWithPath: keep, isDirectory: true)
    try OutputPlace.requireFolder(keep, at: folder)
    try Folder.create(folder)
    return folder
  }

  private func verify(in folder: URL) throws {
    let verification = try Verification(
      folder: folder, experiment: experiment.map { URL(fileURLWithPath: $0) }, kills: kills, seed: seed,
      program: engine.program())
    let outcome = try verification.run { console.error($0) }
    for line in outcome.lines { console.print(line) }
    console.print(try outcome.verdict())
  }
}
