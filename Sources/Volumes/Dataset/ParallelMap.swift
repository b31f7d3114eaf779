import Dispatch
import Synchronization

/// `transform` of every element, on up to `workers` threads; results in the elements' order.
///
/// Threads take the next element when they are free, because files differ in size.
///
/// - Parameter progress: called after each element with how many are done and how many there are, one call at a time.
package func parallelMap<Element: Sendable, Value: Sendable>(
  _ elements: [Element], workers: Int, progress: @Sendable (Int, Int) -> Void = { _, _ in },
  _ transform: @Sendable (Element) -> Value
) -> [Value] {
  precondition(workers > 0, "\(workers) workers")
  let next = Atomic(0)
  let results = Mutex((values: [Value?](repeating: nil, count: elements.count), done: 0))
  DispatchQueue.concurrentPerform(iterations: min(workers, max(elements.count, 1))) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < elements.count else { return }
      let value = transform(elements[index])
      results.withLock {
        $0.values[index] = value
        $0.done += 1
        progress($0.done, elements.count)
      }
    }
  }
  return results.withLock { $0.values.map { $0! } }
}
