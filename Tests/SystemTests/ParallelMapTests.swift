import Synchronization
import System
import Testing

@Suite struct ParallelMapTests {
  /// Also where a thread takes several at once.
  @Test(arguments: [0, 1, 5, 1_000, 3_001])
  func resultsAreInTheElementsOrderAndEachIsDoneOnce(_ count: Int) {
    let calls = Mutex([Int](repeating: 0, count: count))
    let told = Mutex<[Int]>([])
    let results = parallelMap(Array(0..<count), workers: 3) { done, all in
      told.withLock { $0.append(done) }
      #expect(all == count)
    } _: { element in
      calls.withLock { $0[element] += 1 }
      return 2 * element
    }
    #expect(results == (0..<count).map { 2 * $0 })
    #expect(calls.withLock { $0.allSatisfy { $0 == 1 } })
    // Progress goes up, one by one where the elements are few, and ends with all of them.
    let steps = told.withLock(\.self)
    #expect(steps == steps.sorted() && Set(steps).count == steps.count && (steps.last ?? 0) == count)
    if count < 100 { #expect(steps.count == count) }
  }
}
