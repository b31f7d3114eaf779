import ArgumentParser
import Compute
import Foundation
import Scheduling
import Training

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
    let verification = Verification(
      folder: folder, experiment: try experiment.map { URL(fileURLWithPath: $0) } ?? builtIn(in: folder),
      kills: kills, random: RandomStream(seed: seed, purpose: .test))
    let outcome = try verification.run { Console.error($0) }
    for (part, digest) in outcome.parts.sorted(by: { $0.key < $1.key }) {
      Console.print("\(outcome.differences.contains(part) ? "OTHER" : "same ") \(digest.prefix(16)) \(part)")
    }
    let strangers = outcome.differences.subtracting(outcome.parts.keys).sorted()
    for part in strangers { Console.print("EXTRA \(String(repeating: " ", count: 16)) \(part)") }
    guard outcome.differences.isEmpty else { throw VerificationFailure(differences: outcome.differences.count) }
    let parts = [(outcome.kills, "kill"), (outcome.interruptions, "interruption"), (outcome.sweeps, "sweep")]
      .map { "\($0) \($1)\($0 == 1 ? "" : "s")" }
    Console.print(
      "\(parts[0]) and \(parts[1]) of \(parts[2]), \(outcome.parts.count) parts each: no differences")
  }

  private func builtIn(in folder: URL) throws -> URL {
    let file = folder.appendingPathComponent("verify.json")
    try Data(Verification.experiment.utf8).write(to: file)
    return file
  }
}

struct VerificationFailure: Error, CustomStringConvertible {
  let differences: Int
  var description: String {
    "\(differences) parts of disturbed sweeps are not those of the undisturbed one; please report the output above"
  }
}
