/// What a sweep needs, and what there is: checked before anything trains.
package struct Preflight: Sendable {
  /// Bytes the unfinished runs will write: checkpoints, evaluations, predictions.
  package var diskNeeded: Int
  /// Bytes free where the workspace is; nil when the system does not say.
  package var diskFree: Int?
  /// Bytes of one worker (memory plan and cases).
  package var memoryPerRun: Int
  package var machine: Machine
  package var allotment: Allotment

  package init(diskNeeded: Int, diskFree: Int?, memoryPerRun: Int, machine: Machine, allotment: Allotment) {
    (self.diskNeeded, self.diskFree, self.memoryPerRun) = (diskNeeded, diskFree, memoryPerRun)
    (self.machine, self.allotment) = (machine, allotment)
  }

  package enum Finding: Equatable, Sendable {
    case disk(needed: Int, free: Int)
    case memory(jobs: Int, perRun: Int, free: Int)
    case threads(jobs: Int, threads: Int, cores: Int)

    /// A sweep with a fatal finding would fail for certain.
    package var isFatal: Bool {
      switch self {
      case .disk: true
      case .memory: true
      case .threads: false
      }
    }
  }

  package func findings() -> [Finding] {
    var findings: [Finding] = []
    if let diskFree, diskNeeded > diskFree { findings.append(.disk(needed: diskNeeded, free: diskFree)) }
    if allotment.jobs * memoryPerRun > machine.freeMemory {
      findings.append(.memory(jobs: allotment.jobs, perRun: memoryPerRun, free: machine.freeMemory))
    }
    let threads = allotment.threads(unfinished: allotment.jobs)
    if allotment.jobs * threads > machine.cores {
      findings.append(.threads(jobs: allotment.jobs, threads: threads, cores: machine.cores))
    }
    return findings
  }
}

extension Preflight.Finding: CustomStringConvertible {
  package var description: String {
    switch self {
    case .disk(let needed, let free):
      "the runs need \(bytesText(needed)) of disk, \(bytesText(free)) are free; "
        + "free some, or give another workspace with --workspace"
    case .memory(let jobs, let perRun, let free):
      "\(jobs) \(jobs == 1 ? "worker needs" : "workers need") \(bytesText(perRun * jobs)) of memory, "
        + "\(bytesText(free)) are free; " + (jobs == 1 ? "give a smaller training.batch" : "give fewer --jobs")
    case .threads(let jobs, let threads, let cores):
      "\(jobs) x \(threads) threads share \(cores) \(cores == 1 ? "core" : "cores") and will slow each other down"
    }
  }
}

/// Bytes as people read them: "512 MB", "1.5 GB" (powers of 1000, as disks are sold).
package func bytesText(_ bytes: Int) -> String {
  let units = ["B", "kB", "MB", "GB", "TB"]
  var (value, unit) = (Double(bytes), 0)
  while value >= 999.5, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
  let rounded = value < 10 && unit > 0 ? (value * 10).rounded() / 10 : value.rounded()
  return rounded == rounded.rounded() ? "\(Int(rounded)) \(units[unit])" : "\(rounded) \(units[unit])"
}
