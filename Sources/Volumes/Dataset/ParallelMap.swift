import Dispatch
import Synchronization

/// `transform` of every element, on up to `workers` threads; results in the elements' order.
///
/// Threads take the next element when they are free, because files differ in size.
package func parallelMap<Element: Sendable, Value: Sendable>(
  _ elements: [Element], workers: Int, _ transform: @Sendable (Element) -> Value
) -> [Value] {
  precondition(workers > 0, "\(workers) workers")
  let next = Atomic(0)
  let results = Mutex([Value?](repeating: nil, count: elements.count))
  DispatchQueue.concurrentPerform(iterations: min(workers, max(elements.count, 1))) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < elements.count else { return }
      let value = transform(elements[index])
      results.withLock { $0[index] = value }
    }
  }
  return results.withLock { $0.map { $0! } }
}
