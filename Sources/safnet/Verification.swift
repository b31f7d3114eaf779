import Compute
import Experiments
import Foundation
import Reporting
import Scheduling
import Store
import Training
import System
import Text

/// A sweep that nobody disturbs, then others of the same experiment that are killed again and again, and the comparison
/// of every file that they leave.
struct Verification {
  /// Two variants on two folds of a phantom, a few seconds each.
  static let experiment = """
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

  let folder: URL
  let experiment: URL
  /// At how many instants a SIGKILL must have met a process that was at work.
  let kills: Int
  let random: RandomStream

  /// What it came to.
  struct Outcome {
    var kills = 0
    var interruptions = 0
    var sweeps = 0
    /// SHA-256 of each part of the undisturbed sweep, by name.
    var parts: [String: String] = [:]
    /// Names of parts in which a disturbed sweep differs.
    var differences: Set<String> = []
  }

  func run(report: (String) -> Void) throws -> Outcome {
    let undisturbed = Workspace(folder.appendingPathComponent("undisturbed", isDirectory: true))
    let start = ContinuousClock.now
    try SweepProcess(experiment, in: undisturbed, jobs: 1, threads: 1).finish()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    report("undisturbed: \(Quantity.duration(seconds))")
    var (random, outcome) = (random, Outcome())
    outcome.parts = try parts(of: undisturbed)
    while outcome.kills < kills {
      outcome.sweeps += 1
      let workspace = Workspace(folder.appendingPathComponent("disturbed-\(outcome.sweeps)", isDirectory: true))
      var sweep = DisturbedSweep(experiment: experiment, workspace: workspace, longestPause: seconds / 4)
      try sweep.run(&outcome, atMost: kills, &random, report)
      let found = try parts(of: workspace)
      let different = Set(outcome.parts.keys).union(found.keys).filter { outcome.parts[$0] != found[$0] }
      outcome.differences.formUnion(different)
      report("sweep \(outcome.sweeps) is finished: \(different.isEmpty ? "the same bits" : "OTHER BITS")")
      if different.isEmpty { try FileManager.default.removeItem(at: workspace.root) }
    }
    return outcome
  }

  /// Every file, and the tables of the report that tell no times.
  private func parts(of workspace: Workspace) throws -> [String: String] {
    let opened = try ExperimentOpening(
      specification: try Specification.load(experiment), workspace: workspace, workers: 1, report: { _ in }
    ).open()
    let report = Report(
      try ReportInput(plan: opened.plan, workspace: workspace, engine: engines.standard, software: programVersion),
      ReportOptions())
    let tables = ReportFiles(report, formats: [.csv]).contents.filter { $0.key != "cost.csv" }
    return try SweepResult(of: workspace).parts.merging(tables.mapValues(GuardedFile.digest)) { $1 }
  }
}

/// One `safnet run` as a child process.
struct SweepProcess {
  private let process: ChildProcess
  private let log: URL

  init(_ experiment: URL, in workspace: Workspace, jobs: Int, threads: Int) throws {
    log = workspace.root.appendingPathExtension("log")
    process = try ChildProcess(
      executable: ProgramFile.current,
      arguments: [
        "run", experiment.path, "--workspace", workspace.root.path, "--jobs", "\(jobs)", "--threads", "\(threads)",
        "--retries", "1000", "--lifeline",
      ], log: log)
  }

  var isRunning: Bool { process.poll() == nil }

  /// Sends a signal and waits for the end; whether the process ended by it or, for SIGTERM, because of it.
  func end(by signal: Int32) -> Bool {
    process.send(signal)
    let end = JobEnd(process.wait())
    return end == .crashed(signal: signal) || (signal == SIGTERM && end == .interrupted)
  }

  /// Waits for the end, which must be a good one.
  func finish() throws {
    let end = JobEnd(process.wait())
    guard end == .finished else { throw SweepFailure(end: end, log: LogTail.read(log)) }
  }

  struct SweepFailure: Error, CustomStringConvertible {
    let end: JobEnd
    let log: [String]
    var description: String { (["the sweep \(end.reason):"] + log).joined(separator: "\n  ") }
  }
}
