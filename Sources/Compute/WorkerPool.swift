import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// A fixed number of threads that wait for work: fork, join, nothing else.
///
/// The caller is worker 0. Several sessions may share a pool: their jobs take turns. A job started from inside a job runs
/// on its own thread alone, as worker 0 of 1. No result may depend on who does which items, nor on how they are cut into
/// calls; the kernels split over outputs to keep that.
package final class WorkerPool: Sendable {
  /// How many threads work on an item list, the caller's included.
  package let threads: Int
  private let state: WorkerPoolState
  private let helpers: [pthread_t]
  private let simulated: SimulatedWorkers?

  /// The system gave fewer threads than were asked for.
  package struct Shortage: Error, Equatable, CustomStringConvertible {
    package let wanted: Int
    package let reason: String
    package var description: String {
      "\(wanted) threads cannot be started: \(reason.lowercased()). Give fewer --threads, or raise the limit (ulimit -u)."
    }
  }

  /// - Parameter pause: tells the processor that a thread spins while it waits for work; for a moment, then it sleeps.
  package convenience init(threads: Int, pause: @escaping @Sendable () -> Void = {}) {
    do throws(Shortage) { try self.init(starting: threads, pause: pause) } catch { fatalError("\(error)") }
  }

  /// The same for whoever can say that there are not so many threads.
  ///
  /// - Parameter processors: where there are fewer than threads, who waits sleeps at once: a thread that spins keeps the one it
  ///   waits for from its processor.
  package init(
    starting threads: Int, processors: Int = ProcessInfo.processInfo.activeProcessorCount,
    pause: @escaping @Sendable () -> Void = {}
  ) throws(Shortage) {
    precondition(threads > 0, "a pool needs at least one thread, not \(threads)")
    let state = WorkerPoolState(threads: threads, looks: threads > processors ? 0 : 5000, pause: pause)
    var helpers: [pthread_t] = []
    for worker in 1..<threads {
      let (helper, status) = startHelper(WorkerPoolHelper(state: state, worker: worker))
      guard let helper else {
        state.stop()
        for helper in helpers { pthread_join(helper, nil) }
        throw Shortage(wanted: threads, reason: String(cString: strerror(status)))
      }
      helpers.append(helper)
    }
    (self.threads, self.state, self.helpers, simulated) = (threads, state, helpers, nil)
  }

  /// Workers that take turns on the caller's thread, to find out how work divides among more of them than there are
  /// processors: `savedSeconds` is what they would not have taken.
  package init(simulating threads: Int) {
    precondition(threads > 0, "a pool needs at least one thread, not \(threads)")
    (self.threads, state, helpers) = (threads, WorkerPoolState(threads: threads, looks: 0) {}, [])
    simulated = SimulatedWorkers(threads)
  }

  /// Seconds that were spent so far and would not have been, had simulated workers worked at the same time and had other
  /// programs left them a processor; 0 of threads.
  package var savedSeconds: Double { simulated?.saved ?? 0 }

  deinit {
    state.stop()
    for helper in helpers { pthread_join(helper, nil) }
  }

  /// Calls `body` once on every worker and returns when all have returned.
  package func run(_ body: (_ worker: Int, _ workers: Int) -> Void) {
    let caller = pthread_self()
    if threads == 1 || isInsideJob(caller) { return body(0, 1) }
    if let simulated { return simulated.run(body) }
    withoutActuallyEscaping(body) { state.run($0, caller: caller) }
  }

  /// Calls `body` with pieces of `0 ..< items`, each item in one of them; a worker may be called several times, or not at
  /// all.
  package func forEach(_ items: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void) {
    guard splits(items) else { return callOnce(items, body) }
    if let simulated { return simulated.share(items, body) }
    let shares = WorkShares(items, workers: threads)
    run { worker, _ in
      while let piece = shares.take(worker) { body(piece, worker) }
    }
  }

  /// The same in one piece for each worker: for work that has a beginning of its own, which more pieces would repeat, or
  /// that is stored past the caches, which a small piece would not be.
  package func forEachOnce(_ items: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void) {
    guard splits(items) else { return callOnce(items, body) }
    run { worker, workers in
      let range = items * worker / workers..<items * (worker + 1) / workers
      if !range.isEmpty { body(range, worker) }
    }
  }

  /// Whether there is something to split, and somebody else to do a part of it.
  private func splits(_ items: Int) -> Bool {
    precondition(items >= 0, "cannot split \(items) items")
    return items > 1 && threads > 1 && !isInsideJob(pthread_self())
  }

  private func isInsideJob(_ thread: pthread_t) -> Bool {
    simulated?.isInsideJob ?? state.isInsideJob(thread, helpers)
  }

  private func callOnce(_ items: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void) {
    if items > 0 { body(0..<items, 0) }
  }
}

/// What the pool and its threads share; the threads keep it alive, not the pool, so that a pool can end.
private final class WorkerPoolState: @unchecked Sendable {
  typealias Job = (Int, Int) -> Void

  private let threads: Int
  private let looks: Int
  private let pause: @Sendable () -> Void
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let turn = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let generation = Atomic<Int>(0)
  private let running = Atomic<Int>(0)
  private let caller = Atomic<UInt>(0)
  private let stopping = Atomic<Bool>(false)
  /// Written by the caller before `generation` moves, read by helpers after they saw it move.
  private var job: Job = { _, _ in }

  /// - Parameter looks: how often a thread looks for what it waits for before it sleeps.
  init(threads: Int, looks: Int, pause: @escaping @Sendable () -> Void) {
    (self.threads, self.looks, self.pause) = (threads, looks, pause)
    pthread_mutex_init(mutex, nil)
    pthread_mutex_init(turn, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(done, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_mutex_destroy(turn)
    pthread_cond_destroy(wake)
    pthread_cond_destroy(done)
    for lock in [mutex, turn] { lock.deallocate() }
    for condition in [wake, done] { condition.deallocate() }
  }

  func isInsideJob(_ thread: pthread_t, _ helpers: [pthread_t]) -> Bool {
    caller.load(ordering: .relaxed) == UInt(thread) || helpers.contains { pthread_equal($0, thread) != 0 }
  }

  func run(_ body: @escaping Job, caller thread: pthread_t) {
    pthread_mutex_lock(turn)
    caller.store(UInt(thread), ordering: .relaxed)
    job = body
    running.store(threads - 1, ordering: .relaxed)
    pthread_mutex_lock(mutex)
    generation.add(1, ordering: .releasing)
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(mutex)
    body(0, threads)
    waitUntil(done) { running.load(ordering: .acquiring) == 0 }
    job = { _, _ in }
    caller.store(0, ordering: .relaxed)
    pthread_mutex_unlock(turn)
  }

  func help(as worker: Int) {
    var seen = 0
    while true {
      waitUntil(wake) { generation.load(ordering: .acquiring) != seen || stopping.load(ordering: .acquiring) }
      if stopping.load(ordering: .acquiring) { return }
      seen += 1
      job(worker, threads)
      if running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
        pthread_mutex_lock(mutex)
        pthread_cond_signal(done)
        pthread_mutex_unlock(mutex)
      }
    }
  }

  func stop() {
    pthread_mutex_lock(mutex)
    stopping.store(true, ordering: .releasing)
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(mutex)
  }

  /// A tenth of a millisecond of looking (5000 times), then sleep: the next kernel usually follows sooner, and waking takes as long.
  private func waitUntil(_ condition: UnsafeMutablePointer<pthread_cond_t>, _ isTrue: () -> Bool) {
    for _ in 0..<looks {
      if isTrue() { return }
      pause()
    }
    pthread_mutex_lock(mutex)
    while !isTrue() { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }
}

private final class WorkerPoolHelper: Sendable {
  let state: WorkerPoolState
  let worker: Int
  init(state: WorkerPoolState, worker: Int) { (self.state, self.worker) = (state, worker) }
}

/// Nil, and what the system says, where it gives no thread.
private func startHelper(_ helper: WorkerPoolHelper) -> (thread: pthread_t?, status: Int32) {
  var thread = pthread_t()
  let argument = Unmanaged.passRetained(helper)
  let status = pthread_create(
    &thread, nil,
    { argument in
      let helper = Unmanaged<WorkerPoolHelper>.fromOpaque(argument!).takeRetainedValue()
      helper.state.help(as: helper.worker)
      return nil
    }, argument.toOpaque())
  if status == 0 { return (thread, 0) }
  argument.release()
  return (nil, status)
}
