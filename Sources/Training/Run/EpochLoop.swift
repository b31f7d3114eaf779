import Experiments
import Networks

/// The steps of one epoch, from wherever it was left.
package struct EpochLoop {
  package let plan: Plan
  package let session: any NetworkSession
  package let feeder: BatchFeeder
  /// Called after each step with the position reached.
  package let afterStep: (TrainingPosition) throws -> Void

  package enum End: Equatable, Sendable { case finished, interrupted }

  package var stepsPerEpoch: Int { plan.training.batches(of: plan.fold.train.count).count }

  /// Trains until the epoch is over or a stop is asked for; the position returned is after the last finished step.
  ///
  /// - Throws: `RunError.diverged`, with the network's parameters still those of the step before.
  package func run(
    from start: TrainingPosition, run name: String, stop: StopFlag
  ) throws -> (position: TrainingPosition, end: End) {
    var position = start
    let rate = plan.training.learningRate(after: position.history)
    let clock = ContinuousClock()
    while position.stepInEpoch < stepsPerEpoch {
      if stop.isRequested { return (position, .interrupted) }
      let start = clock.now
      let batch = try feeder.batch(at: StepIndex(epoch: position.epoch, step: position.stepInEpoch))
      let record: StepRecord
      do {
        record = try session.step(batch, learningRate: Float(rate))
      } catch let error as Networks.TrainingError {
        throw RunError.diverged(
          run: name, epoch: position.epoch + 1, step: position.stepInEpoch + 1, learningRate: rate, cause: "\(error)")
      }
      position.stepInEpoch += 1
      position.partial.loss += record.loss * Double(batch.count)
      position.partial.cases += batch.count
      position.partial.seconds += (clock.now - start) / .seconds(1)
      try afterStep(position)
    }
    return (position, .finished)
  }
}

extension TrainingPlan {
  /// The rate of the epoch after those of `history`.
  package func learningRate(after history: [Double]) -> Double {
    schedule.learningRate(initial: learningRate, epochs: epochs, history: history)
  }

  /// Whether training ends with the epochs of `history`: all are done, or too many since the best score.
  package func isOver(after history: [Double]) -> Bool {
    guard history.count < epochs else { return true }
    guard earlyStopping > 0, let best = history.max(), let epoch = history.firstIndex(of: best) else { return false }
    return history.count - (epoch + 1) >= earlyStopping
  }
}

extension NetworkSession {
  package func step(_ batch: Batch, learningRate: Float) throws -> StepRecord {
    try batch.images.withUnsafeBufferPointer { images in
      try batch.labels.withUnsafeBufferPointer { labels in
        try step(
          images: images.baseAddress!, labels: labels.baseAddress!, batch: batch.count, learningRate: learningRate)
      }
    }
  }
}
