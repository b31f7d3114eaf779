import Experiments
import Compute
import Foundation
import Scheduling
import Store
import Training

/// Two sweeps of one experiment, the second one disturbed, and the comparison of what they came to.
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

  struct Comparison {
    let run: String
    let parts: [(part: String, undisturbed: String, disturbed: String)]

    var isEqual: Bool { parts.allSatisfy { $0.undisturbed == $0.disturbed } }
    var text: String {
      let lines = parts.map { part in
        "  \(part.undisturbed == part.disturbed ? "same " : "OTHER") \(part.undisturbed.prefix(16)) \(part.part)"
      }
      return ([run] + lines).joined(separator: "\n")
    }
  }

  let folder: URL
  let experiment: URL
  let kills: Int
  var random: RandomStream

  func run(report: (String) -> Void) throws -> [Comparison] {
    let undisturbed = Workspace(folder.appendingPathComponent("undisturbed", isDirectory: true))
    let disturbed = Workspace(folder.appendingPathComponent("disturbed", isDirectory: true))
    let start = ContinuousClock.now
    try finish(sweep(undisturbed, jobs: 1, threads: 1), in: undisturbed)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    report("undisturbed: \(Quantity.duration(seconds))")
    try disturb(disturbed, seconds: seconds, report)
    return try undisturbed.runDirectories().map { try compare($0, disturbed.runDirectory(named: $0.name)) }
  }

  // MARK: Sweeps

  private func sweep(_ workspace: Workspace, jobs: Int, threads: Int) throws -> ChildProcess {
    let log = workspace.root.appendingPathExtension("log")
    return try ChildProcess(
      executable: ProgramFile.current,
      arguments: [
        "run", experiment.path, "--workspace", workspace.root.path, "--jobs", "\(jobs)", "--threads", "\(threads)",
        "--retries", "1000", "--lifeline",
      ], log: log)
  }

  private func finish(_ process: ChildProcess, in workspace: Workspace) throws {
    let end = JobEnd(waitStatus: process.wait())
    guard end == .finished else {
      throw SweepFailure(end: end, log: LogTail.read(workspace.root.appendingPathExtension("log")))
    }
  }

  /// Starts the sweep again and again; each time something of it is killed, or asked to stop, after a random while.
  private func disturb(_ workspace: Workspace, seconds: Double, _ report: (String) -> Void) throws {
    var random = random
    // On average the sweep gets on by about a sixth between two disturbances, however many there are.
    let longest = min(seconds / 3, max(1, 3 * seconds / Double(kills)))
    var process = try sweep(workspace, jobs: 2, threads: 1)
    for kill in 1...kills {
      Thread.sleep(forTimeInterval: Double(random.nextUniform()) * longest)
      let signal = random.nextInt(below: 3) == 0 ? SIGTERM : SIGKILL
      let workers = Self.workers(in: workspace)
      if random.nextInt(below: 2) == 0, !workers.isEmpty {
        let worker = workers[random.nextInt(below: workers.count)]
        Foundation.kill(pid_t(worker), signal)
        report("\(kill) of \(kills): \(Self.name(signal)) to a worker")
      } else {
        process.send(signal)
        _ = process.wait()
        report("\(kill) of \(kills): \(Self.name(signal)) to the coordinator")
        process = try sweep(workspace, jobs: 1 + random.nextInt(below: 2), threads: 1 + random.nextInt(below: 2))
      }
    }
    try finish(process, in: workspace)
  }

  private static func name(_ signal: Int32) -> String { signal == SIGTERM ? "SIGTERM" : "SIGKILL" }

  /// The processes that hold a run's lock.
  private static func workers(in workspace: Workspace) -> [Int] {
    ((try? workspace.runDirectories()) ?? []).compactMap { run in
      guard let probe = try? RunLock.probe(run), probe.isHeld, probe.holder?.pid != Int(getpid()) else { return nil }
      return probe.holder?.pid
    }
  }

  private func compare(_ left: RunDirectory, _ right: RunDirectory) throws -> Comparison {
    let (expected, found) = (try RunResult(of: left).digests(), try RunResult(of: right).digests())
    return Comparison(
      run: left.name,
      parts: zip(expected, found).map { (part: $0.part, undisturbed: $0.digest, disturbed: $1.digest) })
  }

  struct SweepFailure: Error, CustomStringConvertible {
    let end: JobEnd
    let log: [String]
    var description: String { (["the sweep \(end.reason):"] + log).joined(separator: "\n  ") }
  }
}

/// This executable, for starting it again.
enum ProgramFile {
  static var current: URL { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() }
}
