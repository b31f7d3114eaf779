import CKernels
import Compute
import Networks

extension Optimiser {
  /// The numbers of one step of `sgd`, rounded to single precision once.
  package func descent(learningRate: Float) -> sgd_step {
    sgd_step(
      rate: learningRate, momentum: Float(momentum), decay: Float(adam.weightDecay), nesterov: nesterov ? 1 : 0)
  }

  /// The numbers of Adam in step `step`: `adamw` has shortened the parameters itself.
  package func adamNumbers(step: Int, learningRate: Float) -> adam_step {
    var options = adam
    if rule == .adamw { options.weightDecay = 0 }
    return options.numbers(step: step, learningRate: learningRate)
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

  /// One step of the optimiser's rule, of gradients whose norm is known.
  ///
  /// - Parameter step: the first is 1.
  func update(
    _ optimiser: Optimiser, step: Int, learningRate: Float, gradientNorm: Double, _ kernels: cpu_kernels,
    _ pool: WorkerPool
  ) {
    if let factor = optimiser.clipFactor(norm: gradientNorm) { scale(gradients, by: factor, kernels, pool) }
    switch optimiser.rule {
    case .adam: break
    case .adamw: scale(parameters, by: optimiser.shrinkage(learningRate: learningRate), kernels, pool)
    case .sgd: return descend(optimiser.descent(learningRate: learningRate), kernels, pool)
    }
    adam(optimiser.adamNumbers(step: step, learningRate: learningRate), kernels, pool)
  }

  private func adam(_ numbers: adam_step, _ kernels: cpu_kernels, _ pool: WorkerPool) {
    forEachTile(pool) { _, range in
      let start = range.lowerBound
      withUnsafePointer(to: numbers) {
        kernels.adam(
          $0, parameters.base + start, gradients.base + start, firstMoments.base + start, secondMoments.base + start,
          range.count)
      }
    }
  }

  private func descend(_ numbers: sgd_step, _ kernels: cpu_kernels, _ pool: WorkerPool) {
    forEachTile(pool) { _, range in
      let start = range.lowerBound
      withUnsafePointer(to: numbers) {
        kernels.sgd(
          $0, parameters.base + start, gradients.base + start, firstMoments.base + start, range.count)
      }
    }
  }

  private func scale(_ buffer: AlignedBuffer<Float>, by factor: Float, _ kernels: cpu_kernels, _ pool: WorkerPool) {
    forEachTile(pool) { _, range in
      let at = buffer.base + range.lowerBound
      kernels.arithmetic.pointee.scale(at, factor, gradient_target(at: at, accumulate: 0), range.count)
    }
  }

  /// Takes parameters and statistics into their averages: `a ← share · a + (1 − share) · p`. Counts are copied.
  ///
  /// - Parameter share: of the old average; 0 makes the average the network itself.
  func average(share: Float, _ kernels: cpu_kernels) {
    guard let averages else { return }
    func mix(_ from: AlignedBuffer<Float>, _ to: AlignedBuffer<Float>) {
      kernels.arithmetic.pointee.scale(to.base, share, gradient_target(at: to.base, accumulate: 0), to.count)
      kernels.arithmetic.pointee.scale(from.base, 1 - share, gradient_target(at: to.base, accumulate: 1), to.count)
    }
    mix(parameters, averages.parameters)
    mix(statistics, averages.statistics)
    for slot in layout.statistics where slot.shape.isEmpty {
      averages.statistics[slot.offset] = statistics[slot.offset]
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
