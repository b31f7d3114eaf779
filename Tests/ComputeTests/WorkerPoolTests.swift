import Compute
import Foundation
import Synchronization
import Testing

struct WorkerPoolTests {
  /// Not a Mutex: the thread sanitizer does not see one that has been waited for.
  private let lock = NSLock()

  @Test(arguments: [1, 2, 3, 8]) func everyWorkerRunsOncePerRound(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    let calls = (0..<threads).map { _ in Counter() }
    for _ in 0..<2000 {
      pool.run { worker, workers in
        #expect(workers == threads)
        calls[worker].add(1)
      }
    }
    #expect(calls.map(\.value) == Array(repeating: 2000, count: threads))
  }

  /// A join that returns early would let a helper of the last round write after the check.
  @Test(arguments: [2, 3]) func runReturnsAfterTheLastWorker(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    let total = Counter()
    for round in 1...300 {
      pool.run { worker, _ in
        if worker > 0 { usleep(UInt32(round % 7) * 20) }
        total.add(1)
      }
      #expect(total.value == round * threads)
    }
  }

  @Test(arguments: [1, 2, 3], [0, 1, 2, 3, 10, 1001]) func itemsAreCoveredOnce(_ threads: Int, _ items: Int) {
    let pool = WorkerPool(threads: threads)
    for _ in 0..<50 {
      var pieces: [Range<Int>] = []
      pool.forEach(items) { range, _ in lock.withLock { pieces.append(range) } }
      let inOrder = pieces.sorted { $0.lowerBound < $1.lowerBound }
      #expect(inOrder.flatMap { Array($0) } == Array(0..<items))
      #expect(inOrder.allSatisfy { !$0.isEmpty })
    }
  }

  @Test(arguments: [1, 2, 3], [0, 1, 2, 3, 10, 1001]) func onceMeansOnePieceInOrder(_ threads: Int, _ items: Int) {
    let pool = WorkerPool(threads: threads)
    var pieces: [(worker: Int, range: Range<Int>)] = []
    pool.forEachOnce(items) { range, worker in lock.withLock { pieces.append((worker, range)) } }
    let inOrder = pieces.sorted { $0.worker < $1.worker }.map(\.range)
    #expect(inOrder.flatMap { Array($0) } == Array(0..<items))
    #expect(inOrder.count <= threads)
    #expect(inOrder.allSatisfy { !$0.isEmpty && $0.count <= (items + threads - 1) / threads })
  }

  /// Worker 0 is held in its first piece until the others have done all the rest.
  @Test(arguments: [2, 3]) func whoIsThroughTakesFromTheOthers(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    let (items, others, held) = (96, Counter(), Counter())
    pool.forEach(items) { range, worker in
      if worker > 0 { return others.add(range.count) }
      held.add(range.count)
      let deadline = ContinuousClock.now + .seconds(60)
      while others.value + held.value < items, ContinuousClock.now < deadline { usleep(100) }
    }
    #expect(held.value <= items / threads / 2)
    #expect(others.value == items - held.value)
  }

  @Test func aJobInsideAJobRunsOnItsOwnThread() {
    let pool = WorkerPool(threads: 3)
    let inner = Counter()
    for _ in 0..<50 {
      pool.run { _, _ in
        pool.run { worker, workers in
          #expect(worker == 0 && workers == 1)
          inner.add(1)
        }
      }
    }
    #expect(inner.value == 150)
  }

  @Test func sessionsOnSeveralThreadsShareAPool() {
    let pool = WorkerPool(threads: 3)
    let total = Counter()
    DispatchQueue.concurrentPerform(iterations: 6) { _ in
      for _ in 0..<200 { pool.forEach(10) { range, _ in total.add(range.count) } }
    }
    #expect(total.value == 6 * 200 * 10)
  }

  /// A thread that looks out for work while another one waits for its processor keeps it from working: 64 threads on two
  /// processors took a minute for what two do in a moment.
  @Test func whoWaitsSleepsWhereThreadsOutnumberProcessors() throws {
    func looks(processors: Int) throws -> Int {
      let looks = Counter()
      let pool = try WorkerPool(starting: 3, processors: processors) { looks.add(1) }
      for _ in 0..<50 { pool.run { worker, _ in if worker > 0 { usleep(200) } } }
      return looks.value
    }
    #expect(try looks(processors: 2) == 0)
    #expect(try looks(processors: 3) > 0)
  }

  @Test func poolsEndWithTheirOwner() {
    for _ in 0..<200 { WorkerPool(threads: 3).run { _, _ in } }
    for _ in 0..<200 { _ = WorkerPool(threads: 2) }
  }
}

private final class Counter: Sendable {
  private let count = Atomic<Int>(0)
  var value: Int { count.load(ordering: .sequentiallyConsistent) }
  func add(_ amount: Int) { count.add(amount, ordering: .sequentiallyConsistent) }
}
