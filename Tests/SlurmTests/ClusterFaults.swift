extension FakeCluster {
  /// What goes wrong in a cluster, and what it allows.
  struct Faults {
    /// Shares of calls.
    var lostAnswers = 0.0
    var emptyTables = 0.0
    var acceptedWithoutAnswer = 0.0
    var refusedOnTheWay = 0.0
    var suffixes = 0.0
    /// Shares of a job's starts that end so.
    var nodeFailures = 0.0
    var preemptions = 0.0
    var memoryKills = 0.0
    /// Whether preempted jobs come back by themselves.
    var requeues = true
    var forgetsAfter = 300.0
    var visibleAfter = 0.0
    var timeLimit = Double.infinity
    var accounting = false
    var maxArray = 1001
    var maxSubmit = Int.max
    /// Shares of a job's starts that its node fails to make.
    var failedLaunches = 0.0
    var slots = 8
    var nodes = 7
    /// Workers end before they have saved anything, each time.
    var isHopeless = false
    /// The programs are there, and no cluster.
    var isUnconfigured = false
  }
}

extension FakeCluster.Faults {
  /// What Slurm 22.05 writes where its packages are installed and nothing else is.
  static func nowhere(_ program: String) -> String {
    """
    \(program): error: resolve_ctls_from_dns_srv: res_nsearch error: Unknown host
    \(program): error: fetch_config: DNS SRV lookup failed
    \(program): error: _establish_config_source: failed to fetch config
    \(program): fatal: Could not establish a configuration source

    """
  }

  /// What `scontrol show config` says.
  var configuration: String {
    """
    AccountingStorageType   = accounting_storage/\(accounting ? "slurmdbd" : "none")
    MaxArraySize            = \(maxArray)
    MinJobAge               = \(Int(forgetsAfter)) sec

    """
  }
}
