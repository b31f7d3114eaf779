import Synchronization

/// A job's items, an even share for every worker, cut while the job runs: who is through with its own share takes from the
/// ends of the others'.
///
/// A worker that a neighbour on the machine slows down holds nobody up for longer than a piece. Pieces halve what is left,
/// so that most of a share is one call and the last calls are short.
struct WorkShares: ~Copyable {
  /// A share is `first << 32 | last`; each has a cache line of its own.
  private let shares: UnsafeMutablePointer<Atomic<UInt64>>
  private let workers: Int
  private let least: Int

  private static let stride = 8
  /// Pieces of a share are not cut finer than this part of it.
  private static let finest = 16

  init(_ items: Int, workers: Int) {
    precondition(items <= UInt32.max, "a job has \(items) items, but no more than \(UInt32.max) can be shared")
    self.workers = workers
    least = max(1, items / (workers * Self.finest))
    shares = .allocate(capacity: workers * Self.stride)
    for worker in 0..<workers {
      let share = items * worker / workers..<items * (worker + 1) / workers
      (shares + worker * Self.stride).initialize(to: Atomic(Self.word(share)))
    }
  }

  deinit { shares.deallocate() }

  /// The next piece for `worker`; nil when nothing is left to take.
  borrowing func take(_ worker: Int) -> Range<Int>? {
    if let own = cut(worker, fromEnd: false) { return own }
    for other in 1..<workers {
      if let taken = cut((worker + other) % workers, fromEnd: true) { return taken }
    }
    return nil
  }

  /// At least half of what is left of a share.
  private borrowing func cut(_ worker: Int, fromEnd: Bool) -> Range<Int>? {
    var seen = shares[worker * Self.stride].load(ordering: .relaxed)
    while true {
      let left = Self.range(seen)
      if left.isEmpty { return nil }
      let count = min(left.count, max(least, (left.count + 1) / 2))
      let middle = fromEnd ? left.upperBound - count : left.lowerBound + count
      let (front, back) = (left.lowerBound..<middle, middle..<left.upperBound)
      let (piece, rest) = fromEnd ? (back, front) : (front, back)
      let (done, original) = shares[worker * Self.stride].compareExchange(
        expected: seen, desired: Self.word(rest), ordering: .relaxed)
      if done { return piece }
      seen = original
    }
  }

  private static func word(_ range: Range<Int>) -> UInt64 { UInt64(range.lowerBound) << 32 | UInt64(range.upperBound) }
  private static func range(_ word: UInt64) -> Range<Int> { Int(word >> 32)..<Int(word & 0xffff_ffff) }
}
