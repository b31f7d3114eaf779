import Experiments
import Measurement
import Scheduling
import Store
import System
import Text

/// What a sweep needs, and what there is: checked before anything trains.
package struct Preflight: Sendable {
  /// Bytes that the unfinished runs will write beyond what they hold: checkpoints, evaluations, predictions.
  package var diskNeeded: Int
  /// Bytes free where the workspace is; nil when the system does not say.
  package var diskFree: Int?
  /// Bytes of one worker (memory plan and cases).
  package var memoryPerRun: Int
  /// The variants of which not even one run fits.
  package var shortages: [MemoryShortage]
  /// The machine that the runs share; nil where they are trained elsewhere, and nothing is known of their room.
  package var machine: Machine?
  package var allotment: Allotment

  package init(
    diskNeeded: Int, diskFree: Int?, memoryPerRun: Int, shortages: [MemoryShortage], machine: Machine?,
    allotment: Allotment
  ) {
    (self.diskNeeded, self.diskFree, self.memoryPerRun) = (diskNeeded, diskFree, memoryPerRun)
    (self.shortages, self.machine, self.allotment) = (shortages, machine, allotment)
  }

  package enum Finding: Equatable, Sendable {
    case disk(needed: Int, free: Int)
    case shortage(MemoryShortage)
    case memory(jobs: Int, perRun: Int, free: Int)
    case threads(jobs: Int, threads: Int, cores: Int)

    /// A sweep with a fatal finding would fail for certain.
    package var isFatal: Bool {
      switch self {
      case .disk, .shortage, .memory: true
      case .threads: false
      }
    }
  }

  /// Bytes that runs need beyond what they hold: checkpoints that are there give their place to newer ones.
  ///
  /// - Parameter runs: each with all that it writes.
  package static func disk(of runs: [(bytes: Int, directory: RunDirectory)]) -> Int {
    runs.reduce(0) { $0 + max(0, $1.bytes - $1.directory.checkpointBytes) }
  }

  package func findings() -> [Finding] {
    var findings: [Finding] = []
    if let diskFree, diskNeeded > diskFree { findings.append(.disk(needed: diskNeeded, free: diskFree)) }
    findings += shortages.map { .shortage($0) }
    guard let machine else { return findings }
    // A run that does not fit by itself was named already.
    if shortages.isEmpty, Self.product(allotment.jobs, memoryPerRun) > machine.freeMemory {
      findings.append(.memory(jobs: allotment.jobs, perRun: memoryPerRun, free: machine.freeMemory))
    }
    let threads = allotment.threads(unfinished: allotment.jobs)
    if Self.product(allotment.jobs, threads) > machine.cores {
      findings.append(.threads(jobs: allotment.jobs, threads: threads, cores: machine.cores))
    }
    return findings
  }

  /// The largest number there is, where it would be larger.
  fileprivate static func product(_ one: Int, _ other: Int) -> Int {
    let (product, overflow) = one.multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}

extension Preflight.Finding: CustomStringConvertible {
  package var description: String {
    switch self {
    case .disk(let needed, let free):
      "the runs need \(Quantity.bytes(needed)) of disk, \(Quantity.bytes(free)) are free; "
        + "free some, or give another workspace with --workspace"
    case .shortage(let shortage): "\(shortage)"
    case .memory(let jobs, let perRun, let free):
      "\(jobs) workers need \(Quantity.bytes(Preflight.product(perRun, jobs))) of memory, \(Quantity.bytes(free)) are free; "
        + "give fewer --jobs"
    case .threads(let jobs, let threads, let cores):
      "\(jobs) x \(threads) threads share \(cores) \(cores == 1 ? "core" : "cores") and will slow each other down"
    }
  }
}
