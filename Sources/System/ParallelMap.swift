import Dispatch
import Foundation
import Synchronization

/// `transform` of every element, on up to `workers` threads; results in the elements' order.
///
/// Threads take the next element when they are free, because files differ in size.
///
/// - Parameter progress: called after each element, or each few of many hundreds, with how many are done and how many there
///   are, one call at a time.
package func parallelMap<Element: Sendable, Value: Sendable>(
  _ elements: [Element], workers: Int, progress: @Sendable (Int, Int) -> Void = { _, _ in },
  _ transform: @Sendable (Element) -> Value
) -> [Value] {
  precondition(workers > 0, "\(workers) workers")
  // The array is filled where it is: results of ten thousand runs are megabytes.
  return Array(unsafeUninitializedCapacity: elements.count) { room, count in
    let next = Atomic(0)
    let results = Results(room)
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
    count = results.taken()
  }
}

/// Two things at the same time, each of which may use all processors.
package func together<A: Sendable, B: Sendable>(
  _ first: () throws -> A, _ second: @escaping @Sendable () throws -> B
) throws -> (A, B) {
  let group = DispatchGroup()
  let other = Mutex<Result<B, any Error>?>(nil)
  // Not a part of `concurrentPerform`, inside of which another one gets no processor but its own.
  DispatchQueue.global(qos: .userInitiated).async(group: group) {
    let result = Result { try second() }
    other.withLock { $0 = result }
  }
  let result = Result { try first() }
  group.wait()
  guard let second = other.withLock({ $0 }) else { preconditionFailure("the second of two has no result") }
  return (try result.get(), try second.get())
}

/// Room for results, each of which is put once, by whichever thread has it. The lock is what lets a thread see those of others;
/// not a Mutex: the thread sanitizer takes one that has been waited for as open.
private final class Results<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private let values: UnsafeMutableBufferPointer<Value>
  private var done = 0

  /// - Parameter room: not initialised, of as many elements as there are results.
  init(_ room: UnsafeMutableBufferPointer<Value>) { values = room }

  func put(_ value: Value, at place: Int) { values.initializeElement(at: place, to: value) }

  /// Says that so many more were put.
  func count(_ more: Int, then: (_ done: Int) -> Void) {
    lock.withLock {
      done += more
      then(done)
    }
  }

  /// How many were put: all of them.
  func taken() -> Int {
    lock.withLock {
      precondition(done == values.count, "\(done) of \(values.count) results")
      return done
    }
  }
}
