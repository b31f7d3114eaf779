import Foundation
import Scheduling
import Store
import System

/// Slurm cannot be used as it was asked for.
package enum SlurmError: Error, Equatable, CustomStringConvertible {
  case noSite
  case notInstalled
  /// With sbatch's own words.
  case notConfigured(String)
  case watched(holder: String)
  case unusablePath(String)

  package var description: String {
    switch self {
    case .noSite: "--executor slurm needs --site FILE; Experiments/sites/example.json is one to start from"
    case .notInstalled: "sbatch and squeue are not found: \(Self.onLoginNode)"
    case .notConfigured(let words):
      "sbatch knows of no cluster on this machine: \(Self.onLoginNode) (sbatch says: \(words))"
    case .watched(let holder):
      "another `safnet run` (\(holder)) watches this sweep's jobs; end it with Ctrl-C, its jobs go on"
    case .unusablePath(let path):
      "Slurm cannot use the path \(path): it has a quote, a per cent sign or a line break; give another --workspace"
    }
  }

  private static let onLoginNode =
    "type this on a login node of the cluster, after `module load slurm` if it needs that"
}

extension ExecutorEntry {
  /// - Parameter site: nil where only the executor's name is asked for.
  package static func slurm(site: SiteProfile?) -> ExecutorEntry {
    var entry = ExecutorEntry(
      name: "slurm", summary: "jobs of a Slurm cluster, with --site",
      allotment: { demand in
        let cpus = demand.threads ?? site?.cpus ?? 1
        return Allotment(
          cores: demand.runs, memory: .max, memoryPerRun: 1, runs: demand.runs, jobs: demand.jobs ?? demand.runs,
          threads: cpus)
      },
      make: { context in
        guard let site else { throw SlurmError.noSite }
        return try SlurmExecutor(context, site)
      })
    (entry.usesThisMachine, entry.lookSeconds) = (false, 1)
    entry.check = { try SlurmError.check(InstalledCommands.areThere ? InstalledCommands(seconds: 10) : nil) }
    entry.lastWords = { ClusterUse(BatchFolder(workspace: $0.workspace, experiment: $0.experiment))?.lines ?? [] }
    return entry
  }
}

extension SlurmError {
  /// Asks once whether there is a cluster to hand jobs in to. One that does not answer now may answer later.
  ///
  /// - Parameter commands: Slurm's; nil where they are not found.
  package static func check(_ commands: (any SlurmCommands)?) throws(SlurmError) {
    guard let commands else { throw .notInstalled }
    if let words = SlurmQueue(commands).missingConfiguration() { throw .notConfigured(words) }
  }
}

extension SlurmExecutor {
  fileprivate convenience init(_ context: ExecutorEntry.Context, _ site: SiteProfile) throws {
    let folder = BatchFolder(workspace: context.workspace, experiment: context.experiment)
    if folder.workspace.path.contains(where: { "\"'%\n".contains($0) }) {
      throw SlurmError.unusablePath(folder.workspace.path)
    }
    let lock = try Self.lock(folder)
    // An earlier cancelling is over.
    unlink(folder.cancelMark.path)
    let program = site.program ?? context.program.path
    self.init(
      site: site, folder: folder, commands: InstalledCommands(),
      records: WorkspaceRecords(Workspace(context.workspace)),
      worker: [program, "worker", "--threads", "\(site.cpus)"] + context.workerOptions, say: context.say)
    submitterLock = lock
  }

  /// One submitter for a sweep. Where the file system has no locks there is none; the runs' own locks say so soon enough.
  private static func lock(_ folder: BatchFolder) throws -> FileLock? {
    try Folder.create(folder.url)
    do {
      guard let lock = try FileLock.acquire(folder.lockFile) else {
        let found = (try? FileLock.probe(folder.lockFile))?.content ?? Data()
        throw SlurmError.watched(holder: String(decoding: found, as: UTF8.self))
      }
      try lock.write(Data("\(LockHolder.current)".utf8))
      return lock
    } catch let error as SystemError where SystemError.hasNoLocks(error.code) {
      return nil
    }
  }
}
