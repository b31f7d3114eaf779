/// How many runs train at once, and with how many threads each.
///
/// One thread per run wastes nothing on waiting, so runs are spread over the cores first; fewer run at once when
/// memory does not hold them all, or where that was measured to get more done (`Throughput`). The number of threads never
/// changes a result, so the last runs of a sweep get the cores that have become free.
package struct Allotment: Equatable, Sendable {
  package private(set) var jobs: Int
  package let cores: Int
  /// Threads per run as asked for; nil leaves it to the cores.
  package let fixedThreads: Int?

  /// - Parameters:
  ///   - cores: processors this process may use.
  ///   - memory: bytes free.
  ///   - memoryPerRun: bytes that the largest run takes.
  ///   - jobs, threads: as asked for on the command line.
  package init(cores: Int, memory: Int, memoryPerRun: Int, runs: Int, jobs: Int? = nil, threads: Int? = nil) {
    let fitting = max(1, memory / max(memoryPerRun, 1))
    let byCores = threads.map { max(1, cores / $0) } ?? cores
    self.jobs = jobs ?? max(1, min(byCores, fitting, runs))
    self.cores = max(1, cores)
    self.fixedThreads = threads
  }

  /// The same with fewer runs at once, which have more threads each.
  package func with(jobs fewer: Int) -> Allotment {
    var other = self
    other.jobs = max(1, min(jobs, fewer))
    return other
  }

  /// Threads for a run that starts now, when `unfinished` runs (this one included) are left.
  package func threads(unfinished: Int) -> Int {
    fixedThreads ?? max(1, cores / max(1, min(jobs, unfinished)))
  }
}
