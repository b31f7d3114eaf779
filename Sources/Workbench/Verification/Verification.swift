import Compute
import Experiments
import Foundation
import Reporting
import Scheduling
import Store
import System
import Text
import Training

/// `safnet verify`: a sweep that nobody disturbs, then others of the same experiment that are killed again and again,
/// and the comparison of every file that they leave.
package struct Verification {
  /// Two variants on two folds of a phantom, a few seconds each.
  private static let builtIn = """
    {
      "name": "verify",
      "dataset": { "path": "phantom", "phantom": { "cases": 8, "seed": 5, "height": 96, "width": 96 } },
      "preprocessing": { "size": [6, 32, 16] },
      "folds": { "count": 2, "validation": 1 },
      "model": { "kind": "safnet", "width": 16, "stem": [8, 16] },
      "training": { "epochs": 6, "batch": 2 },
      "variants": [
        { "name": "SAFNet" },
        { "name": "Base", "model": { "aspp": false, "attention": false, "multiscale": false } }
      ]
    }
    """

  private let folder: URL
  private let experiment: URL
  private let kills: Int
  private let seed: UInt64
  private let program: RunningProgram

  /// - Parameters:
  ///   - folder: where the workspaces are made; must exist.
  ///   - experiment: a small one's file; nil: one of its own, which is written into `folder`.
  ///   - kills: at how many instants a SIGKILL must have met a process that was at work.
  ///   - seed: of the instants.
  package init(folder: URL, experiment: URL?, kills: Int, seed: UInt64, program: RunningProgram) throws {
    (self.folder, self.kills, self.seed, self.program) = (folder, kills, seed, program)
    if let experiment {
      self.experiment = experiment
    } else {
      self.experiment = folder.appendingPathComponent("verify.json")
      try AtomicFile.write(Data(Self.builtIn.utf8), to: self.experiment)
    }
  }

  /// - Parameter report: called with a line about each thing that happens.
  package func run(report: (String) -> Void) throws -> VerificationOutcome {
    let undisturbed = Workspace(folder.appendingPathComponent("undisturbed", isDirectory: true))
    let start = ContinuousClock.now
    let engine = program.engine.name
    try SweepProcess(program.executable, experiment, in: undisturbed, engine: engine, jobs: 1, threads: 1).finish()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    report("undisturbed: \(Quantity.duration(seconds))")
    var random = RandomStream(seed: seed, purpose: .test)
    var outcome = VerificationOutcome(parts: try parts(of: undisturbed))
    while outcome.kills < kills {
      outcome.sweeps += 1
      let workspace = Workspace(folder.appendingPathComponent("disturbed-\(outcome.sweeps)", isDirectory: true))
      let sweep = DisturbedSweep(
        program: program.executable, experiment: experiment, workspace: workspace, engine: engine,
        mostJobs: mostJobs, longestPause: seconds / 4)
      try sweep.run(&outcome, atMost: kills, &random, report)
      let isSame = outcome.compare(try parts(of: workspace))
      report("sweep \(outcome.sweeps) is finished: \(isSame ? "the same bits" : "OTHER BITS")")
      if isSame { try FileManager.default.removeItem(at: workspace.root) }
    }
    return outcome
  }

  /// One where the engine is a single device.
  private var mostJobs: Int {
    guard let first = program.engine.numbered(0) else { return 2 }
    return first.name == program.engine.name ? max(1, min(2, program.engine.devices.count)) : 1
  }

  private func parts(of workspace: Workspace) throws -> [String: String] {
    try Self.parts(of: workspace, experiment: Specification.load(experiment), program: program)
  }

  /// SHA-256 of every part of a finished sweep by its name: of its files, and of the tables of its report that tell no
  /// times.
  package static func parts(
    of workspace: Workspace, experiment: Specification, program: RunningProgram
  ) throws -> [String: String] {
    let opened = try ExperimentOpening(
      specification: experiment, workspace: workspace, workers: 1, report: { _ in }
    ).open()
    let input = try ReportInput(
      plan: opened.plan, workspace: workspace, engine: program.engine, software: program.version)
    let tables = ReportFiles(Report(input, ReportOptions()), formats: [.csv]).contents.filter { $0.key != "cost.csv" }
    return try SweepResult(of: workspace).parts.merging(tables.mapValues(GuardedFile.digest)) { $1 }
  }
}

/// What a verification came to.
package struct VerificationOutcome: Equatable, Sendable {
  package internal(set) var kills = 0
  package internal(set) var interruptions = 0
  package internal(set) var sweeps = 0
  /// SHA-256 of each part of the undisturbed sweep, by name.
  private let parts: [String: String]
  /// Names of parts in which a disturbed sweep differs.
  private var differences: Set<String> = []

  package init(parts: [String: String]) { self.parts = parts }

  /// Takes in what a disturbed sweep left; whether it is the same.
  package mutating func compare(_ found: [String: String]) -> Bool {
    let different = Set(parts.keys).union(found.keys).filter { parts[$0] != found[$0] }
    differences.formUnion(different)
    return different.isEmpty
  }

  /// A line for each part, those that only a disturbed sweep has at the end.
  package var lines: [String] {
    parts.sorted { $0.key < $1.key }.map { part, digest in
      "\(differences.contains(part) ? "OTHER" : "same ") \(digest.prefix(16)) \(part)"
    } + differences.subtracting(parts.keys).sorted().map { "EXTRA \(String(repeating: " ", count: 16)) \($0)" }
  }

  /// The closing line; throws when there is a difference.
  package func verdict() throws(VerificationFailure) -> String {
    guard differences.isEmpty else { throw VerificationFailure(differences: differences.count) }
    let counts = [(kills, "kill"), (interruptions, "interruption"), (sweeps, "sweep")].map(Quantity.of)
    return "\(counts[0]) and \(counts[1]) of \(counts[2]), \(parts.count) parts each: no differences"
  }
}

package struct VerificationFailure: Error, Equatable, CustomStringConvertible {
  package let differences: Int
  package var description: String {
    "\(differences) parts of disturbed sweeps are not those of the undisturbed one; please report the output above"
  }
}
