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
      for place in start..<end { results.put(transform(elements[place]), at: place) }
      results.count(end - start) { progress($0, elements.count) }
    }
  }
  return results.taken()
}

/// Two things at the same time, of which the first may use all processors.
package func together<A: Sendable, B: Sendable>(
  _ first: () throws -> A, _ second: @escaping @Sendable () throws -> B
) throws -> (A, B) {
  let (group, other) = (DispatchGroup(), Results<Result<B, any Error>>(count: 1))
  // Not a part of `concurrentPerform`, inside of which another one gets no processor but its own.
  DispatchQueue.global(qos: .userInitiated).async(group: group) {
    other.put(Result { try second() }, at: 0)
    other.count(1) { _ in }
  }
  let result = Result { try first() }
  group.wait()
  return (try result.get(), try other.taken()[0].get())
}

/// Room for results, each of which is put once, by whichever thread has it. The lock is what lets a thread see those of others;
/// not a Mutex: the thread sanitizer takes one that has been waited for as open.
private final class Results<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private let values: UnsafeMutableBufferPointer<Value>
  private var done = 0

  init(count: Int) { values = .allocate(capacity: count) }

  deinit {
    // Those that nobody took, because what was done beside it failed.
    if done == values.count { values.deinitialize() }
    values.deallocate()
  }

  func put(_ value: Value, at place: Int) { values.initializeElement(at: place, to: value) }

  /// Says that so many more were put.
  func count(_ more: Int, then: (_ done: Int) -> Void) {
    lock.withLock {
      done += more
      then(done)
    }
  }

  /// All of them, once: they are moved, for thousands are not copied without need.
  func taken() -> [Value] {
    lock.withLock {
      precondition(done == values.count, "\(done) of \(values.count) results")
      done = 0
      return Array(unsafeUninitializedCapacity: values.count) { room, count in
        count = room.moveInitialize(fromContentsOf: values)
      }
    }
  }
}
