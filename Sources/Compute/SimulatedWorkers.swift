#if canImport(Glibc)
  import Glibc
#endif

/// Workers that take turns on the caller's thread, each with a clock of its own: how long a job would take if all of them
/// worked at the same time, found on a machine that has fewer processors.
///
/// The next piece goes to whoever is through first, as among threads. What threads share is not simulated: the memory's
/// bandwidth and the caches; nor is waking them. One thread uses it, its pool's caller.
final class SimulatedWorkers: @unchecked Sendable {
  private let workers: Int
  /// Of the processor, for the pieces of a job that a worker does.
  private var seconds: [Double]
  /// Whether a job is being done: one that is begun inside of it is its worker's alone.
  private(set) var isInsideJob = false
  /// Seconds of the processor that were spent so far and would not have been.
  private var overlap = 0.0
  /// When the clocks began: that of the world, that of the caller's thread on a processor.
  private let start: (world: Double, processor: Double)

  init(_ workers: Int) {
    self.workers = workers
    seconds = Array(repeating: 0, count: workers)
    start = (Self.now(CLOCK_MONOTONIC), Self.now(CLOCK_THREAD_CPUTIME_ID))
  }

  /// Seconds that were spent so far and would not have been, had nobody waited for a processor either: other programs do
  /// not count, neither in a job nor between jobs.
  var saved: Double {
    (Self.now(CLOCK_MONOTONIC) - start.world) - (Self.now(CLOCK_THREAD_CPUTIME_ID) - start.processor) + overlap
  }

  /// Every worker once.
  func run(_ body: (_ worker: Int, _ workers: Int) -> Void) {
    job { for worker in 0..<workers { timed(worker) { body(worker, workers) } } }
  }

  /// Pieces until nothing is left.
  func share(_ items: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void) {
    let shares = WorkShares(items, workers: workers)
    job {
      while true {
        let next = (0..<workers).min { seconds[$0] < seconds[$1] } ?? 0
        guard let piece = shares.take(next) else { return }
        timed(next) { body(piece, next) }
      }
    }
  }

  private func job(_ body: () -> Void) {
    let start = Self.now(CLOCK_THREAD_CPUTIME_ID)
    for worker in 0..<workers { seconds[worker] = 0 }
    isInsideJob = true
    body()
    isInsideJob = false
    overlap += Self.now(CLOCK_THREAD_CPUTIME_ID) - start - (seconds.max() ?? 0)
  }

  private func timed(_ worker: Int, _ body: () -> Void) {
    let start = Self.now(CLOCK_THREAD_CPUTIME_ID)
    body()
    seconds[worker] += Self.now(CLOCK_THREAD_CPUTIME_ID) - start
  }

  private static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
