import Foundation
import System
import TestSupport

/// A Slurm of its own on this machine: munged, slurmctld and two slurmd, as the user who runs the tests, with ports,
/// keys and folders that are nobody else's. It ends with its owner.
final class RealCluster {
  /// Nil where everything is there and a cluster does a job: a container may forbid its daemons what they need.
  static let missing: String? = {
    for program in ["munged", "slurmctld", "slurmd", "sbatch", "srun"] where path(program) == nil {
      return "\(program) is missing: make peers, or apt-get install slurm-wlm munge"
    }
    do {
      let works = try RealCluster().ask("srun", "--ntasks=1", "--time=1", "echo", "done").contains("done")
      return works ? nil : "a Slurm that starts here does no job"
    } catch { return "no Slurm starts here: \(error)" }
  }()

  static func path(_ program: String) -> String? {
    ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"].map { "\($0)/\(program)" }
      .first { access($0, X_OK) == 0 }
  }

  static let nodes = ["n1", "n2"]

  let temporary: TemporaryFolder
  private var daemons: [String: ChildProcess] = [:]
  /// The first of this cluster's ports.
  let port = 20_000 + Int(getpid()) * 13 % 30_000
  var environment: [String: String] { ["SLURM_CONF": temporary.file("slurm.conf").path] }

  struct Refusal: Error { let words: String }

  /// - Parameters:
  ///   - lines: further ones of the configuration.
  ///   - accounting: whether a database of its own keeps what jobs have used.
  init(_ lines: String = "", accounting: Bool = false) throws {
    temporary = try TemporaryFolder()
    for name in ["state", "log", "spool-n1", "spool-n2"] {
      try FileManager.default.createDirectory(at: temporary.file(name), withIntermediateDirectories: true)
    }
    try temporary.write("munge.key", (0..<128).map { _ in UInt8.random(in: 0...255) })
    chmod(temporary.file("munge.key").path, 0o400)
    chmod(temporary.url.path, 0o755)
    try temporary.write(
      "slurm.conf", configuration + (accounting ? accountingLines : Self.withoutAccounting) + lines)
    try start("munged", munge)
    try wait("munged makes no socket") { FileManager.default.fileExists(atPath: temporary.file("munge.socket").path) }
    if accounting { try startAccounting() }
    try startController()
    for node in Self.nodes { try startNode(node) }
    try wait("no node is idle") { try ask("sinfo", "-h", "-p", "main", "-o", "%D %T").contains("2 idle") }
  }

  deinit {
    // What a daemon leaves at work would outlive it.
    _ = try? ask("scancel", "--user=\(NSUserName())")
    try? wait("jobs do not end", seconds: 20) { try ask("squeue", "-h").isEmpty }
    for name in Self.nodes + ["slurmctld", "slurmdbd", "mariadbd", "munged"] { end(name) }
  }

  private static let withoutAccounting = """
    AccountingStorageType=accounting_storage/none
    JobAcctGatherType=jobacct_gather/none

    """

  static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, 255)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(separator: ".").first.map(String.init) ?? "localhost"
  }()

  private var munge: [String] {
    [
      "--foreground", "--force", "--socket=\(temporary.file("munge.socket").path)",
      "--key-file=\(temporary.file("munge.key").path)", "--pid-file=\(temporary.file("munge.pid").path)",
      "--seed-file=\(temporary.file("munge.seed").path)", "--num-threads=2",
    ]
  }

  private var configuration: String {
    let (place, host, user) = (temporary.url.path, Self.host, NSUserName())
    let nodes = Self.nodes.enumerated().map { index, name in
      "NodeName=\(name) NodeHostname=\(host) NodeAddr=127.0.0.1 Port=\(port + 1 + index) CPUs=4 RealMemory=16000\n"
    }.joined()
    return """
      ClusterName=safnet-test
      SlurmctldHost=\(host)(127.0.0.1)
      AuthType=auth/munge
      AuthInfo=socket=\(place)/munge.socket
      CredType=cred/munge
      MpiDefault=none
      ProctrackType=proctrack/linuxproc
      ReturnToService=2
      SlurmctldPort=\(port)
      SlurmUser=\(user)
      SlurmdUser=\(user)
      StateSaveLocation=\(place)/state
      SlurmdSpoolDir=\(place)/spool-%n
      SlurmctldPidFile=\(place)/ctld.pid
      SlurmdPidFile=\(place)/%n.pid
      SlurmctldLogFile=\(place)/log/ctld
      SlurmdLogFile=\(place)/log/%n
      SlurmdParameters=config_overrides
      TaskPlugin=task/none
      SchedulerType=sched/backfill
      SchedulerParameters=sched_interval=2,bf_interval=2
      SelectType=select/cons_tres
      SelectTypeParameters=CR_Core_Memory
      KillWait=5
      \(nodes)PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP

      """
  }

  /// Without what this process has open: a daemon would keep it open, and whoever waits for its end would wait for ever.
  private static let alone = """
    for file in /proc/$$/fd/*; do number=${file##*/}; [ "$number" -gt 2 ] && eval "exec $number>&-"; done; exec "$0" "$@"
    """

  func start(_ program: String, _ arguments: [String], called name: String? = nil) throws {
    guard let path = Self.path(program) else { throw Refusal(words: "\(program) is missing") }
    let log = temporary.file("log/\(name ?? program).out")
    daemons[name ?? program] = try ChildProcess(
      "/bin/bash", ["-c", Self.alone, path] + arguments, input: .nothing, output: .file(log), environment: environment)
  }

  func startController() throws {
    try start("slurmctld", ["-D"])
    try wait("slurmctld does not answer") { try ask("scontrol", "ping").contains("UP") }
  }

  func startNode(_ name: String) throws { try start("slurmd", ["-D", "-N", name], called: name) }

  /// Ends a daemon of ours: `slurmctld`, or a node.
  /// - Parameter hard: it cannot say goodbye.
  func end(_ name: String, hard: Bool = false) {
    guard let daemon = daemons.removeValue(forKey: name) else { return }
    if !hard {
      daemon.send(SIGTERM)
      for _ in 0..<100 where daemon.poll() == nil { usleep(100_000) }
    }
    daemon.send(SIGKILL)
    daemon.wait()
  }

  func ask(_ program: String, _ arguments: String...) throws -> String {
    let place = "SLURM_CONF=\(temporary.file("slurm.conf").path)"
    let (output, _) = try ChildProcess.run("/usr/bin/env", [place, program] + arguments, seconds: 60)
    return String(decoding: output, as: UTF8.self)
  }

  /// - Parameter seconds: for which it may take that.
  func wait(_ words: @autoclosure () -> String, seconds: Double = 60, until isSo: () throws -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while try !isSo() {
      guard deadline.timeIntervalSinceNow > 0 else {
        let logs = ["log/ctld", "log/n1", "log/munged.out"].compactMap {
          try? String(contentsOf: temporary.file($0), encoding: .utf8).suffix(600)
        }
        throw Refusal(words: ([words()] + logs.map(String.init)).joined(separator: "\n"))
      }
      usleep(200_000)
    }
  }
}
