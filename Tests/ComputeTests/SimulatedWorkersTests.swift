import Compute
import Foundation
import Testing

struct SimulatedWorkersTests {
  @Test(arguments: [1, 2, 3, 32], [0, 1, 2, 3, 10, 1001]) func itemsAreCoveredOnce(_ threads: Int, _ items: Int) {
    let pool = WorkerPool(simulating: threads)
    var (pieces, once): ([Range<Int>], [Range<Int>]) = ([], [])
    pool.forEach(items) { range, worker in
      #expect((0..<threads).contains(worker))
      pieces.append(range)
    }
    pool.forEachOnce(items) { range, _ in once.append(range) }
    #expect(pieces.sorted { $0.lowerBound < $1.lowerBound }.flatMap { Array($0) } == Array(0..<items))
    #expect(once.flatMap { Array($0) } == Array(0..<items) && once.count <= threads)
  }

  @Test func everyWorkerHasItsTurn() {
    let pool = WorkerPool(simulating: 5)
    var turns: [Int] = []
    pool.run { worker, workers in
      #expect(workers == 5)
      turns.append(worker)
      // A job inside a job is its worker's alone.
      pool.run { inner, all in #expect(inner == 0 && all == 1) }
    }
    #expect(turns == [0, 1, 2, 3, 4])
  }

  /// What three of four workers computed, a fourth would have computed meanwhile.
  @Test func whatWorkersWouldHaveDoneAtTheSameTimeIsSaved() {
    let pool = WorkerPool(simulating: 4)
    pool.run { _, _ in compute(0.003) }
    #expect(pool.savedSeconds >= 3 * 0.003)
    let before = pool.savedSeconds
    // Whoever is through first takes the next: no worker has more than half of the items.
    pool.forEach(8) { range, _ in compute(0.001 * Double(range.count)) }
    #expect(pool.savedSeconds - before >= 4 * 0.001)
    #expect(WorkerPool(threads: 2).savedSeconds == 0)
  }

  /// Nor does it count when a thread waits for a processor, be it the only one, in a job or between jobs.
  @Test(arguments: [1, 4]) func whatOtherProgramsTakeIsSaved(_ threads: Int) {
    let pool = WorkerPool(simulating: threads)
    usleep(2000)
    #expect(pool.savedSeconds >= 0.002)
    pool.forEach(2) { _, _ in usleep(1000) }
    #expect(pool.savedSeconds >= 0.002 + 0.001)
  }

  /// Keeps the processor for so long.
  private func compute(_ seconds: Double) {
    func now() -> Double {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
    let start = now()
    while now() - start < seconds {}
  }
}
