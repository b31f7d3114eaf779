import Foundation
import TestSupport

/// What happens to a sweep on a cluster.
enum Disturbance: String, CaseIterable {
  /// `scontrol requeue` of a job at work.
  case requeue
  /// `scancel` of a job at work.
  case cancelledJob
  /// A limit of one minute for a job at work, which needs longer.
  case timeLimit
  /// Somebody with more right wants a whole node.
  case preemption
  /// slurmd is killed and started again; its jobs go on.
  case nodeDaemon
  /// A node loses its power: slurmd, and all that runs there.
  case nodeLost
  /// slurmd is away for so long that its jobs are started elsewhere while they go on.
  case nodeSilent
  case controller
  /// SIGKILL of `safnet run`, which is given again.
  case submitter
}

extension RealCluster {
  /// Partitions that are preempted in both ways, one that preempts, and a controller that soon misses a node.
  static let contended = """
    SlurmdTimeout=12
    PreemptType=preempt/partition_prio
    PreemptMode=REQUEUE
    PartitionName=requeues Nodes=ALL PriorityTier=1 PreemptMode=REQUEUE
    PartitionName=cancels Nodes=ALL PriorityTier=1 PreemptMode=CANCEL
    PartitionName=urgent Nodes=ALL PriorityTier=100 PreemptMode=OFF

    """

  /// Jobs at work, as `17_3`.
  func atWork(on node: String? = nil) throws -> [String] {
    let rows = try ask("squeue", "-h", "-r", "-t", "RUNNING", "-p", "main,requeues,cancels", "-o", "%F_%K %N")
    return rows.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      .filter { $0.count == 2 && (node == nil || $0[1] == node) }.map { $0[0] }
  }

  /// After a requeue Slurm lets a job wait for two minutes, which proves nothing. And what whoever runs the cluster does: nodes
  /// that Slurm has drained, because a job of before the controller's death was still there, are taken back.
  func hurry() throws {
    for node in Self.nodes where try ask("sinfo", "-h", "-p", "main", "-n", node, "-o", "%T").contains("drain") {
      _ = try ask("scontrol", "update", "NodeName=\(node)", "State=RESUME")
    }
    let rows = try ask("squeue", "-h", "-r", "-t", "PENDING", "-o", "%F_%K %r")
    for row in rows.split(separator: "\n") where row.hasSuffix(" BeginTime") {
      _ = try ask("scontrol", "update", "JobId=\(row.split(separator: " ")[0])", "StartTime=now")
    }
  }

  /// - Returns: whether it met a job, and which.
  func disturb(_ kind: Disturbance, _ numbers: inout SeededNumbers) throws -> String? {
    let node = Self.nodes.randomElement(using: &numbers) ?? "n1"
    let pause = Double.random(in: 0..<6, using: &numbers)
    switch kind {
    case .requeue, .cancelledJob, .timeLimit:
      guard let job = try atWork().sorted().randomElement(using: &numbers) else { return nil }
      switch kind {
      case .requeue: _ = try ask("scontrol", "requeue", job)
      case .cancelledJob: _ = try ask("scancel", job)
      default: _ = try ask("scontrol", "update", "JobId=\(job)", "TimeLimit=1")
      }
      return job
    case .preemption: return try preempt(node)
    case .controller:
      end("slurmctld", hard: numbers.chance(0.5))
      Thread.sleep(forTimeInterval: pause)
      try startController()
      return "slurmctld"
    case .nodeDaemon, .nodeLost, .nodeSilent:
      let (jobs, before) = (try atWork(on: node), misses(of: node))
      end(node, hard: true)
      if kind == .nodeLost { killAll(on: node) }
      if kind == .nodeSilent {
        try wait("the controller does not miss \(node)", seconds: 180) { misses(of: node) > before }
      }
      Thread.sleep(forTimeInterval: pause)
      try startNode(node)
      return jobs.isEmpty ? nil : "\(node) with \(jobs.joined(separator: " "))"
    case .submitter: return nil
    }
  }

  /// How often the controller has taken a node for dead.
  private func misses(of node: String) -> Int {
    let log = (try? String(contentsOf: temporary.file("log/ctld"), encoding: .utf8)) ?? ""
    return log.split(separator: "\n").count { $0.contains("\(node) not responding, setting DOWN") }
  }

  private func preempt(_ node: String) throws -> String? {
    let there = try atWork(on: node)
    let urgent = try ask(
      "sbatch", "--parsable", "-p", "urgent", "-w", node, "--exclusive", "--mem=15000", "--output=/dev/null",
      "--wrap=sleep 3"
    ).trimmingCharacters(in: .whitespacesAndNewlines)
    try wait("what is urgent does not end", seconds: 120) {
      try ask("squeue", "-h", "-j", urgent, "-t", "PENDING,CONFIGURING,RUNNING,COMPLETING").isEmpty
    }
    let left = try atWork(on: node)
    let gone = there.filter { !left.contains($0) }
    return gone.isEmpty ? nil : gone.joined(separator: " ")
  }

  /// Every process that slurmd has started there, and the shepherds of these.
  private func killAll(on node: String) {
    for _ in 0..<2 {
      let here = processes().filter { $0.environment["SLURMD_NODENAME"] == node }
      let shepherds = Set(here.map(\.parent)).filter { Self.name(of: $0).hasPrefix("slurmstepd") }
      for process in shepherds + here.map(\.identifier) { kill(process, SIGKILL) }
    }
  }

  private func processes() -> [(identifier: pid_t, parent: pid_t, environment: [String: String])] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { pid_t($0) }.compactMap { identifier in
      guard let block = FileManager.default.contents(atPath: "/proc/\(identifier)/environ") else { return nil }
      let pairs = block.split(separator: 0).map {
        String(decoding: $0, as: UTF8.self).split(separator: "=", maxSplits: 1)
      }
      let variables = Dictionary(
        pairs.filter { $0.count == 2 }.map { (String($0[0]), String($0[1])) }, uniquingKeysWith: { first, _ in first })
      guard variables["SLURM_CONF"] == environment["SLURM_CONF"] else { return nil }
      return (identifier, Self.parent(of: identifier), variables)
    }
  }

  private static func status(of identifier: pid_t, _ key: String) -> String {
    let lines = (try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)) ?? ""
    let line = lines.split(separator: "\n").first { $0.hasPrefix("\(key):") } ?? ""
    return line.dropFirst(key.count + 1).trimmingCharacters(in: .whitespaces)
  }

  private static func parent(of identifier: pid_t) -> pid_t { pid_t(status(of: identifier, "PPid")) ?? 0 }
  private static func name(of identifier: pid_t) -> String { status(of: identifier, "Name") }
}
