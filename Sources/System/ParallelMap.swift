import Dispatch
import Foundation
import Synchronization

/// `transform` of every element, on up to `workers` threads; results in the elements' order.
///
/// Threads take the next element when they are free, because files differ in size.
///
/// - Parameter progress: called after each element, or each few of many hundreds, with how many are done and how many there are, one call at a time.
package func parallelMap<Element: Sendable, Value: Sendable>(
  _ elements: [Element], workers: Int, progress: @Sendable (Int, Int) -> Void = { _, _ in },
  _ transform: @Sendable (Element) -> Value
) -> [Value] {
  precondition(workers > 0, "\(workers) workers")
  let next = Atomic(0)
  let results = Results<Value>(count: elements.count)
  // One by one where they are few and perhaps slow; of thousands several at once, or threads wait for each other's locks.
  let share = max(1, elements.count / (256 * workers))
  DispatchQueue.concurrentPerform(iterations: min(workers, max(elements.count, 1))) { _ in
    while true {
      let start = next.wrappingAdd(share, ordering: .relaxed).oldValue
      guard start < elements.count else { return }
      let end = min(start + share, elements.count)
      results.put(elements[start..<end].map(transform), at: start) { progress($0, elements.count) }
    }
  }
  return results.values.map { $0! }
}

/// Two things at the same time, of which the first may use all processors.
package func together<A: Sendable, B: Sendable>(
  _ first: () throws -> A, _ second: @escaping @Sendable () throws -> B
) throws -> (A, B) {
  let (group, other) = (DispatchGroup(), Results<Result<B, any Error>>(count: 1))
  // Not a part of `concurrentPerform`, inside of which another one gets no processor but its own.
  DispatchQueue.global(qos: .userInitiated).async(group: group) {
    other.put([Result { try second() }], at: 0) { _ in }
  }
  let result = Result { try first() }
  group.wait()
  return (try result.get(), try other.values[0]!.get())
}

/// Results behind a lock. Not a Mutex: the thread sanitizer takes one that has been waited for as open.
private final class Results<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private(set) var values: [Value?]
  private var done = 0

  init(count: Int) { values = Array(repeating: nil, count: count) }

  func put(_ some: [Value], at start: Int, then: (_ done: Int) -> Void) {
    lock.withLock {
      for (place, value) in some.enumerated() { values[start + place] = value }
      done += some.count
      then(done)
    }
  }
}
