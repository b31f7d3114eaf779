import Slurm
import Testing

/// Whether there is a cluster at all, asked before anything is handed in.
@Suite struct ConfigurationTests {
  @Test func withoutAClusterNothingIsHandedIn() {
    var faults = FakeCluster.Faults()
    faults.isUnconfigured = true
    let cluster = FakeCluster(seed: 1, faults: faults)
    let words = "_establish_config_source: failed to fetch config; Could not establish a configuration source"
    #expect(throws: SlurmError.notConfigured(words)) { try SlurmError.check(cluster) }
    #expect(cluster.calls == ["sbatch": 1])
    #expect(
      "\(SlurmError.notConfigured(words))"
        == "sbatch knows of no cluster on this machine: type this on a login node of the cluster, after `module load slurm`"
        + " if it needs that (sbatch says: \(words))")
    #expect(throws: SlurmError.notInstalled) { try SlurmError.check(nil) }
  }

  @Test func aClusterThatIsThereIsTaken() throws { try SlurmError.check(FakeCluster(seed: 1)) }

  /// It never answers well, and may do so later.
  @Test(
    arguments: [
      ("", nil), ("", 1),
      ("sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)\n", 1),
      ("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n", 1),
      // A controller that the name service names, and that is away.
      (
        "sbatch: error: fetch_config_from_controller: Unable to contact slurm controller (connect failure)\n"
          + "sbatch: error: _establish_config_source: failed to fetch config\n"
          + "sbatch: fatal: Could not establish a configuration source\n", 1
      ),
      // The name service itself.
      (
        "sbatch: error: resolve_ctls_from_dns_srv: res_nsearch error: Host name lookup failure\n"
          + "sbatch: error: fetch_config: DNS SRV lookup failed\n"
          + "sbatch: fatal: Could not establish a configuration source\n", 1
      ),
    ] as [(String, Int32?)]) func whatPassesIsNoReason(answer: String, status: Int32?) throws
  {
    final class One: SlurmCommands {
      let said: (answer: String, status: Int32?)
      init(_ said: (answer: String, status: Int32?)) { self.said = said }
      func call(_ program: String, _ arguments: [String]) -> (answer: String, status: Int32?) { said }
    }
    try SlurmError.check(One((answer, status)))
  }

  /// sbatch looks for it for a minute, for which nobody waits.
  @Test(arguments: ["cannot stat file", "unable to status file"]) func aFileThatIsNotThereIsOne(words: String) {
    let answer =
      "sbatch: error: s_p_parse_file: \(words) /x/slurm.conf: No such file or directory, retrying in 1sec up to 60sec\n"
    #expect(
      SlurmQueue.missingConfiguration(answer)
        == "s_p_parse_file: \(words) /x/slurm.conf: No such file or directory, retrying in 1sec up to 60sec")
  }
}
