import Compute
import Experiments
import Models
import Networks
import Synchronization

extension Throughput {
  /// Trains as many networks at the same time as each way has runs, for a few seconds each.
  ///
  /// - Parameters:
  ///   - ways: whose runs fit the memory all at once.
  ///   - memory: bytes that there are here, which may not be those that are planned for.
  ///   - largestStep: as for `StepMeasurement`.
  /// - Throws: `MemoryRefusal`, what the engine throws, an `EngineRefusal` among it, and `WorkerPool.Shortage`.
  package init(
    _ ways: [Sharing], of model: ModelConfiguration, extent: Extent3, classes: Int, training: TrainingPlan,
    engine: any Engine, memory: Int = .max, largestStep: Int = StepMeasurement.largestStep
  ) throws {
    let size = TimedSize(model, extent: extent, classes: classes, training: training, largestStep: largestStep)
    let one = size.bytes(model, classes: classes, training: training, engine: engine, threads: ways.first?.threads ?? 1)
    if let most = ways.first?.jobs, one > memory / max(1, most) { throw MemoryRefusal(needed: one) }
    try self.init(ways) { sharing in
      let sessions = try (0..<sharing.jobs).map { _ in
        try size.session(model, classes: classes, training: training, engine: engine, threads: sharing.threads)
      }
      let seconds = try Self.secondsOfStep(sessions)
      return Double(sharing.jobs * size.batch) / seconds / size.scale
    }
  }

  /// Until each of them has done a step, while all are at work.
  private static func secondsOfStep(_ sessions: [TimedSession]) throws -> Double {
    let pool = try WorkerPool(starting: sessions.count)
    func seconds(steps: Int) throws -> Double {
      let failure = Mutex<(any Error)?>(nil)
      let time = ContinuousClock().measure {
        pool.run { worker, _ in
          do {
            for _ in 0..<steps { _ = try sessions[worker].step() }
          } catch {
            let thrown = error
            failure.withLock { $0 = thrown }
          }
        }
      }
      if let error = failure.withLock({ $0 }) { throw error }
      return time / .seconds(1) / Double(steps)
    }
    // The first warms caches and pages.
    let first = try seconds(steps: 1)
    let steps = max(1, min(50, Int(1 / max(first, 0.02))))
    return try min(seconds(steps: steps), seconds(steps: steps))
  }
}
