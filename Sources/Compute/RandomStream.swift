/// Counter-based random numbers (Philox 4x32-10, Salmon et al. 2011): a pure function of where it is asked for.
///
/// A stream is named by seed, purpose, epoch and index (a case, a parameter, a fold); there is no generator state to
/// save, so a resumed run draws what an undisturbed one would have drawn.
package struct RandomStream: Sendable {
  /// What the numbers are for; two purposes never share a stream.
  package enum Purpose: UInt32, Sendable {
    case initialWeights = 1, caseOrder, augmentation, folds, phantom, bootstrap, test, patches
  }

  private let key: (UInt32, UInt32)
  private let stream: (UInt32, UInt32, UInt32)
  private var block: UInt32 = 0
  private var pending: [UInt32] = []

  /// The stream's first number. Other arguments give another stream, as independent as Philox makes them.
  package init(seed: UInt64, purpose: Purpose, epoch: Int = 0, index: Int = 0) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    stream = (purpose.rawValue, UInt32(truncatingIfNeeded: epoch), UInt32(truncatingIfNeeded: index))
  }

  /// The same stream from its number `4 · block` on, wherever this one stands.
  package func starting(atBlock block: UInt32) -> RandomStream {
    var other = self
    (other.block, other.pending) = (block, [])
    return other
  }

  /// The next 32 random bits.
  package mutating func nextUInt32() -> UInt32 {
    if pending.isEmpty {
      let words = Self.philox(counter: (block, stream.0, stream.1, stream.2), key: key)
      pending = [words.3, words.2, words.1, words.0]
      block += 1
    }
    return pending.removeLast()
  }

  /// Uniform in [0, 1) on a grid of 2^-24: exact in single precision.
  package mutating func nextUniform() -> Float { Float(nextUInt32() >> 8) * 0x1p-24 }

  /// Uniform from the lower bound towards the upper one, in 2²⁴ steps.
  package mutating func nextUniform(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * nextUniform()
  }

  /// Uniform in 0 ..< bound, without bias (rejection).
  package mutating func nextInt(below bound: Int) -> Int {
    precondition(bound > 0 && bound <= Int(UInt32.max), "no random number below \(bound)")
    let bound32 = UInt32(bound)
    let limit = UInt32.max - UInt32.max % bound32
    while true {
      let word = nextUInt32()
      if word < limit { return Int(word % bound32) }
    }
  }

  /// Fisher-Yates.
  package mutating func shuffled<T>(_ values: [T]) -> [T] {
    var values = values
    for last in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(last, nextInt(below: last + 1))
    }
    return values
  }

  /// Four words of 32 bits: what Philox takes and gives.
  package typealias Words = (UInt32, UInt32, UInt32, UInt32)

  /// The bijection itself: ten rounds of two 32x32 multiplications.
  package static func philox(counter: Words, key: (UInt32, UInt32)) -> Words {
    var (c, k) = (counter, key)
    for _ in 0..<10 {
      let (high0, low0) = (0xD251_1F53 as UInt32).multipliedFullWidth(by: c.0)
      let (high1, low1) = (0xCD9E_8D57 as UInt32).multipliedFullWidth(by: c.2)
      c = (high1 ^ c.1 ^ k.0, low1, high0 ^ c.3 ^ k.1, low0)
      k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
    }
    return c
  }
}
