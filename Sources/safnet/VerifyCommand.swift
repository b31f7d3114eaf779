import ArgumentParser
import Compute
import Foundation
import Scheduling
import Training

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Prove on this machine that an interrupted sweep ends in the same bits.",
    discussion: """
      Trains a small sweep undisturbed on one thread; then again while coordinators and workers are killed (SIGKILL) or
      interrupted (SIGTERM) at random instants and restarted with other numbers of threads; then compares the SHA-256
      of parameters, optimiser moments, metrics and evaluations of every run. Takes a few minutes.

      Examples:
        safnet verify
        safnet verify --kills 100 --seed 7
        safnet verify --experiment Experiments/demo.json --kills 20
      """)

  @Option(help: ArgumentHelp("A small experiment to use instead of the built-in one.", valueName: "spec"))
  var experiment: String?
  @Option(help: "How often something is killed or interrupted.") var kills = 12
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
    let comparisons = try verification.run { Console.error($0) }
    for comparison in comparisons { Console.print(comparison.text) }
    guard comparisons.allSatisfy(\.isEqual) else { throw VerificationFailure() }
    Console.print("\(comparisons.count) runs, every part the same bits")
  }

  private func builtIn(in folder: URL) throws -> URL {
    let file = folder.appendingPathComponent("verify.json")
    try Data(Verification.experiment.utf8).write(to: file)
    return file
  }
}

struct VerificationFailure: Error, CustomStringConvertible {
  var description: String { "the disturbed sweep ended in other bits; please report this with the output above" }
}
