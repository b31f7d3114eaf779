import Foundation
import System

/// Accounting of the tests' cluster: a database and slurmdbd, as nobody else's as the rest.
extension RealCluster {
  /// Nil where both programs are there.
  static let missingAccounting: String? = ["mariadbd", "mariadb-install-db", "slurmdbd", "sacctmgr"]
    .first { path($0) == nil }.map { "\($0) is missing: make peers, or apt-get install slurmdbd mariadb-server" }

  private var databasePort: Int { port + 8 }
  private var daemonPort: Int { port + 9 }

  /// Of slurm.conf.
  var accountingLines: String {
    """
    AccountingStorageType=accounting_storage/slurmdbd
    AccountingStorageHost=127.0.0.1
    AccountingStoragePort=\(daemonPort)
    AccountingStoragePass=\(temporary.file("munge.socket").path)
    JobAcctGatherType=jobacct_gather/linux
    JobAcctGatherFrequency=2

    """
  }

  func startAccounting() throws {
    let data = temporary.file("database").path
    guard let install = Self.path("mariadb-install-db") else { throw Refusal(words: "no mariadb-install-db") }
    _ = try ChildProcess.run(
      install, ["--no-defaults", "--user=\(NSUserName())", "--datadir=\(data)", "--skip-test-db"], seconds: 120)
    // It listens on this machine only, to anybody: nothing in it is worth a password.
    try start(
      "mariadbd",
      [
        "--no-defaults", "--user=\(NSUserName())", "--datadir=\(data)", "--skip-grant-tables",
        "--bind-address=127.0.0.1",
        "--port=\(databasePort)", "--socket=\(temporary.file("sql").path)",
        "--pid-file=\(temporary.file("sql.pid").path)", "--innodb-lock-wait-timeout=900",
      ])
    try wait("the database makes no socket") {
      FileManager.default.fileExists(atPath: temporary.file("sql").path)
    }
    try temporary.write("slurmdbd.conf", daemonConfiguration)
    chmod(temporary.file("slurmdbd.conf").path, 0o600)
    try start("slurmdbd", ["-D"])
    try wait("slurmdbd does not know the cluster") {
      _ = try ask("sacctmgr", "-i", "add", "cluster", "safnet-test")
      return try ask("sacctmgr", "-n", "-P", "show", "cluster", "format=cluster").contains("safnet-test")
    }
  }

  private var daemonConfiguration: String {
    """
    AuthType=auth/munge
    AuthInfo=socket=\(temporary.file("munge.socket").path)
    DbdHost=\(Self.host)
    DbdAddr=127.0.0.1
    DbdPort=\(daemonPort)
    SlurmUser=\(NSUserName())
    StorageType=accounting_storage/mysql
    StorageHost=127.0.0.1
    StoragePort=\(databasePort)
    StorageUser=\(NSUserName())
    StorageLoc=slurm
    LogFile=\(temporary.url.path)/log/dbd
    PidFile=\(temporary.url.path)/dbd.pid

    """
  }
}
