import Foundation
import Store
import TestSupport
import Testing
import Training

/// Sweeps on a real Slurm to which one thing after the other happens, until so many have met a job at work.
final class ClusterSoak {
  private let cluster: RealCluster
  private var numbers: SeededNumbers
  private let epochs: Int
  /// What the local executor makes of the same experiment.
  private let here: SweepResult

  private var program: Program
  private var sweep: ChildProgram
  private var rounds = 0
  /// How often each has met a job.
  private(set) var met: [Disturbance: Int] = [:]
  private let isTold = ProcessInfo.processInfo.environment["SAFNET_SOAK"] != nil

  init(seed: UInt64, epochs: Int) throws {
    (numbers, self.epochs) = (SeededNumbers(seed: seed), epochs)
    let local = try Program(epochs: epochs)
    let result = try local.start(["run", "small.json", "--jobs", "2", "--threads", "1"]).wait()
    try #require(result.status == 0, "\(result.errors)")
    here = try SweepResult(of: Workspace(local.folder.appending(path: "Workspace", directoryHint: .isDirectory)))
    cluster = try RealCluster(RealCluster.contended)
    (program, sweep) = try Self.begin(epochs, "requeues", cluster)
  }

  /// Sees that nothing is trained twice, lost or another, through `kinds`, in this order.
  func run(_ kinds: [Disturbance]) throws {
    var left = kinds[...]
    while let kind = left.first {
      try waitForWork()
      Thread.sleep(forTimeInterval: Double.random(in: 0..<4, using: &numbers))
      if try disturb(kind) { left = left.dropFirst() }
      try cluster.hurry()
    }
    try finish()
  }

  private func disturb(_ kind: Disturbance) throws -> Bool {
    let what: String?
    if kind == .submitter {
      what = try cluster.atWork().joined(separator: " ")
      kill(sweep.process.processIdentifier, SIGKILL)
      sweep.process.waitUntilExit()
      Thread.sleep(forTimeInterval: Double.random(in: 0..<5, using: &numbers))
      sweep = try Self.submit(program, cluster)
    } else {
      what = try cluster.disturb(kind, &numbers)
    }
    guard let what, !what.isEmpty else { return false }
    met[kind, default: 0] += 1
    tell("\(met.values.reduce(0, +)) \(kind.rawValue): \(what)")
    return true
  }

  // MARK: The sweep

  private var partition: String { rounds % 2 == 0 ? "requeues" : "cancels" }

  private static func begin(
    _ epochs: Int, _ partition: String, _ cluster: RealCluster
  ) throws -> (Program, ChildProgram) {
    let program = try Program(epochs: epochs)
    let site =
      #"{ "cpus": 1, "memory": 1, "poll": 2, "warning": 20, "time": "00:10:00", "partition": "\#(partition)" }"#
    try Data(site.utf8).write(to: program.folder.appending(path: "site.json"))
    return (program, try submit(program, cluster))
  }

  private static func submit(_ program: Program, _ cluster: RealCluster) throws -> ChildProgram {
    try program.start(
      ["run", "small.json", "--executor", "slurm", "--site", "site.json"], environment: cluster.environment)
  }

  /// Until a job has trained for a while; a sweep that is at its end is followed by another.
  private func waitForWork() throws {
    try cluster.wait("no job is at work: \(said())", seconds: 240) {
      try cluster.hurry()
      if !sweep.process.isRunning { try next() }
      return try !cluster.atWork().isEmpty
    }
  }

  private func next() throws {
    if try goOn() { return }
    try check()
    rounds += 1
    (program, sweep) = try Self.begin(epochs, partition, cluster)
  }

  /// - Returns: false where the sweep is finished.
  private func goOn() throws -> Bool {
    let result = try sweep.wait()
    if result.status == 0 { return false }
    // Runs that somebody has cancelled are left alone until the command is given again; nothing else may end it.
    #expect(result.status == 1 && result.errors.contains(" cancelled"), "\(result.errors)")
    #expect(!result.errors.contains(/fold \d+ failed/), "\(result.errors)")
    sweep = try Self.submit(program, cluster)
    return true
  }

  private func finish() throws {
    var isFinished = false
    try cluster.wait("the sweep does not end: \(said())", seconds: 1200) {
      try cluster.hurry()
      if !sweep.process.isRunning { isFinished = try !goOn() }
      return isFinished
    }
    try check()
  }

  private func said() -> String {
    ((try? String(contentsOf: sweep.errors, encoding: .utf8)) ?? "").suffix(3000).description
  }

  // MARK: What must hold

  private func check() throws {
    let workspace = Workspace(program.folder.appending(path: "Workspace", directoryHint: .isDirectory))
    let differences = try SweepResult(of: workspace).differences(from: here).filter { !$0.hasPrefix("slurm/") }
    #expect(differences == [])
    for run in try program.runNames() { try checkOneAfterTheOther(workspace.runDirectory(named: run)) }
    tell("round \(rounds + 1) ends in the same bits, \(try workers()) workers")
  }

  private func workers() throws -> Int {
    try program.journals().joined().split(separator: "\n")
      .count { $0.contains(#""event":"started""#) || $0.contains(#""event":"resumed""#) }
  }

  /// Two workers at once would write the same epochs, or each other's.
  private func checkOneAfterTheOther(_ run: RunDirectory) throws {
    var next = 1
    for event in try Journal.scan(run.journal).events.map(\.event) {
      switch event {
      case .started: next = 1
      case .resumed(let record): next = record.epoch + 1
      case .epoch(let record):
        #expect(record.epoch == next, "\(run.url.lastPathComponent)")
        next = record.epoch + 1
      default: break
      }
    }
    #expect(next == epochs + 1, "\(run.url.lastPathComponent)")
  }

  private func tell(_ words: String) {
    if isTold { FileHandle.standardError.write(Data("soak: \(words)\n".utf8)) }
  }
}
