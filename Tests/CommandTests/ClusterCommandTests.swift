import Foundation
import Store
import TestSupport
import Testing
import Training

/// The small experiment as jobs of a real Slurm on this machine. Where its packages are not installed the tests are
/// skipped, and say which one is missing.
@Suite(
  .serialized,
  .enabled(if: RealCluster.missing == nil, "\(RealCluster.missing ?? "")"))
struct ClusterCommandTests {
  private static let isLong = ProcessInfo.processInfo.environment["SAFNET_SOAK"] != nil

  private func program(epochs: Int, time: String = "00:10:00") throws -> Program {
    let program = try Program(epochs: epochs)
    let site = #"{ "cpus": 1, "memory": 1, "poll": 2, "warning": 20, "time": "\#(time)" }"#
    try Data(site.utf8).write(to: program.folder.appending(path: "site.json"))
    return program
  }

  private static let run = ["run", "small.json", "--executor", "slurm", "--site", "site.json"]

  private func start(_ program: Program, _ cluster: RealCluster, _ arguments: [String] = run) throws -> ChildProgram {
    try program.start(arguments, environment: cluster.environment)
  }

  /// What the local executor makes of the same experiment.
  private func expectSameBits(_ program: Program, epochs: Int) throws {
    let here = try Program(epochs: epochs)
    #expect(try here("run", "small.json", "--jobs", "2", "--threads", "1").status == 0)
    let results = try [here, program].map {
      try SweepResult(of: Workspace($0.folder.appending(path: "Workspace", directoryHint: .isDirectory)))
    }
    #expect(results[1].differences(from: results[0]).filter { !$0.hasPrefix("slurm/") } == [])
  }

  private func workers(_ program: Program) throws -> [Int] {
    try program.journals().map {
      $0.split(separator: "\n").count { $0.contains(#""event":"started""#) || $0.contains(#""event":"resumed""#) }
    }
  }

  @Test func anArrayEndsInTheSameBits() throws {
    let (cluster, program) = (try RealCluster(), try program(epochs: 2))
    let planned = try start(program, cluster, ["plan", "small.json", "--site", "site.json", "--no-measure"]).wait()
    #expect(
      planned.output.contains("#SBATCH --array=0-3\n") && planned.output.contains("allow this"), "\(planned.output)")
    let result = try start(program, cluster).wait()
    #expect(result.status == 0 && result.errors.contains("All runs are finished"), "\(result.errors)")
    #expect(try workers(program) == [1, 1, 1, 1])
    try expectSameBits(program, epochs: 2)
  }

  @Test func disturbancesChangeNoBit() throws {
    let epochs = 40
    let (cluster, program) = (try RealCluster(), try program(epochs: epochs))
    func running() throws -> [String] {
      try cluster.ask("squeue", "-h", "-r", "-t", "RUNNING", "-o", "%F_%K").split(separator: "\n").map(String.init)
    }
    var sweep = try start(program, cluster)
    try cluster.wait("no four jobs run") { try running().count == 4 }
    // The submitter dies, and the jobs do not.
    kill(sweep.process.processIdentifier, SIGKILL)
    sweep.process.waitUntilExit()
    let jobs = try running()
    #expect(jobs.count == 4)
    sweep = try start(program, cluster)
    try cluster.wait("the jobs are not taken over") {
      try String(contentsOf: sweep.errors, encoding: .utf8).contains("4 jobs of an earlier `safnet run` may be at work")
    }
    let second = try start(program, cluster).wait()
    #expect(second.status == 1 && second.errors.contains("watches this sweep's jobs"), "\(second.errors)")
    _ = try cluster.ask("scontrol", "requeue", jobs[0])
    _ = try cluster.ask("scancel", jobs[1])
    // Slurm would let it wait for two minutes.
    try cluster.wait("nothing was requeued") {
      try cluster.ask("squeue", "-h", "-r", "-t", "PENDING").contains("BeginTime")
    }
    _ = try cluster.ask("scontrol", "update", "JobId=\(jobs[0])", "StartTime=now")
    // The controller is away for a while.
    cluster.end("slurmctld")
    Thread.sleep(forTimeInterval: 8)
    try cluster.startController()
    let status = try start(program, cluster, ["status", "small.json"]).wait()
    #expect(status.output.contains("cluster"), "\(status.output)")
    let first = try sweep.wait()
    #expect(first.status == 1 && first.errors.contains("1 run was cancelled"), "\(first.errors)")
    let last = try start(program, cluster).wait()
    #expect(last.status == 0 && last.errors.contains("All runs are finished"), "\(last.errors)")
    try expectSameBits(program, epochs: epochs)
  }

  /// Some here; fifty, each kind five times or more, when SAFNET_SOAK is set (`make soak`).
  @Test func whateverHappensNothingIsLostOrTrainedTwice() throws {
    var numbers = SeededNumbers(seed: 19)
    let all = (0..<50).map { Disturbance.allCases[$0 % Disturbance.allCases.count] }
    let kinds =
      Self.isLong ? all.shuffled(using: &numbers) : [.preemption, .nodeDaemon, .submitter, .nodeLost, .timeLimit]
    let soak = try ClusterSoak(seed: 19, epochs: Self.isLong ? 300 : 60)
    try soak.run(kinds)
    #expect(soak.met.values.reduce(0, +) == kinds.count)
  }

  /// Slurm gives the warning up to a minute early: no run ends in its first job.
  @Test(.enabled(if: isLong, "takes ten minutes: SAFNET_SOAK"))
  func aLimitShorterThanTheRunsIsNoEnd() throws {
    let epochs = 2400
    let (cluster, program) = (try RealCluster(), try program(epochs: epochs, time: "00:02:00"))
    let sweep = try start(program, cluster)
    try cluster.wait("the sweep does not end", seconds: 1800) {
      try cluster.hurry()
      return !sweep.process.isRunning
    }
    let result = try sweep.wait()
    #expect(result.status == 0 && result.errors.contains("All runs are finished"), "\(result.errors)")
    #expect(try workers(program).contains { $0 > 1 })
    try expectSameBits(program, epochs: epochs)
  }

  @Test(.enabled(if: RealCluster.missingAccounting == nil, "\(RealCluster.missingAccounting ?? "")"))
  func withAccountingAnArrayEndsInTheSameBits() throws {
    let (cluster, program) = (try RealCluster(accounting: true), try program(epochs: 2))
    let result = try start(program, cluster).wait()
    #expect(result.status == 0 && result.errors.contains("All runs are finished"), "\(result.errors)")
    try expectSameBits(program, epochs: 2)
    try cluster.wait("accounting knows no job") {
      try cluster.ask("sacct", "-n", "-X", "-S", "now-1hours", "-o", "State").split(separator: "\n").count == 4
    }
  }

  @Test func cancellingEndsTheSweepsJobsAndNoOthers() throws {
    let (cluster, program) = (try RealCluster(), try program(epochs: 400))
    let stranger = try cluster.ask("sbatch", "--parsable", "--mem=10", "--output=/dev/null", "--wrap=sleep 100")
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let sweep = try start(program, cluster)
    try cluster.wait("no four jobs run") {
      try cluster.ask("squeue", "-h", "-r", "-t", "RUNNING").split(separator: "\n").count == 5
    }
    try cluster.wait("no epoch ends") {
      (try? program.journals())?.allSatisfy { $0.contains(#""event":"epoch""#) } == true
    }
    let cancelled = try start(program, cluster, ["cancel", "small.json"]).wait()
    #expect(cancelled.status == 0 && cancelled.errors.hasPrefix("4 jobs are being ended"), "\(cancelled.errors)")
    let result = try sweep.wait()
    #expect(result.status == 1 && result.errors.contains("4 runs were cancelled"), "\(result.errors)")
    #expect(try cluster.ask("squeue", "-h", "-o", "%A %T") == "\(stranger) RUNNING\n")
    // Each worker saved before it left.
    for journal in try program.journals() { #expect(journal.contains(#""event":"interrupted""#)) }
  }
}
