import CKernels
import Compute
import Networks

extension AdamOptions {
  /// The numbers of step `step` (the first is 1), rounded to single precision once.
  package func numbers(step: Int, learningRate: Float) -> adam_step {
    adam_step(
      rate: learningRate, beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon),
      decay: Float(weightDecay), correction1: Float(1 - power(beta1, step)), correction2: Float(1 - power(beta2, step)))
  }

  /// By squaring, so that no library's rounding decides the bits.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, factor, rest) = (1.0, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return result
  }
}

extension ParameterMemory {
  /// Floats that one worker takes at a time, and of one partial sum.
  private static let tile = 16384

  private func forEachTile(_ pool: WorkerPool, _ body: (_ tile: Int, _ range: Range<Int>) -> Void) {
    let count = layout.parameterFloats
    pool.forEach((count + Self.tile - 1) / Self.tile) { tiles, _ in
      for tile in tiles { body(tile, tile * Self.tile..<min((tile + 1) * Self.tile, count)) }
    }
  }

  func update(_ numbers: adam_step, _ kernels: cpu_kernels, _ pool: WorkerPool) {
    forEachTile(pool) { _, range in
      let start = range.lowerBound
      withUnsafePointer(to: numbers) {
        kernels.adam(
          $0, parameters.base + start, gradients.base + start, firstMoments.base + start, secondMoments.base + start,
          range.count)
      }
    }
  }

  static func gradientTiles(_ layout: ParameterLayout) -> Int { (layout.parameterFloats + tile - 1) / tile }

  /// Euclidean norm of all gradients; `partials` holds `gradientTiles` numbers.
  func gradientNorm(
    _ partials: UnsafeMutablePointer<Double>, _ kernels: cpu_kernels, _ pool: WorkerPool
  ) -> Double {
    forEachTile(pool) { tile, range in
      partials[tile] = kernels.arithmetic.pointee.dot(
        gradients.base, gradients.base, range.lowerBound, range.upperBound)
    }
    return (0..<Self.gradientTiles(layout)).reduce(0) { $0 + partials[$1] }.squareRoot()
  }
}
