import Compute
import Foundation
import Networks

/// What this machine can do at most, measured: fused multiply-adds in registers on every thread of a pool.
package enum MeasuredPeak {
  /// Multiply-adds per second: the best of `rounds` bursts of some milliseconds, so that a busy moment does not count.
  package static func multiplyAddsPerSecond(
    pool: WorkerPool, instructionSet: InstructionSet = .best, rounds: Int = 12
  ) -> Double {
    let kernels = ExecutionSettings(workers: pool.threads, instructionSet: instructionSet).kernels
    let sinks = AlignedBuffer<Float>(count: 16 * pool.threads)
    let perRound = 400_000
    return (0..<rounds).map { _ in
      let start = DispatchTime.now().uptimeNanoseconds
      pool.run { worker, _ in _ = kernels.multiply_adds(perRound, sinks.base + 16 * worker) }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
      return Double(pool.threads * perRound * 256) / seconds
    }.max()!
  }
}
