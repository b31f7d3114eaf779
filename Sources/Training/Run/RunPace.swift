import Experiments

/// Measures how fast this process gets on, in forward passes of one case as `RunWork` counts them.
struct RunPace {
  private let epochWork: Double
  /// Of the whole run.
  private(set) var total: Double
  private let epochs: Int
  private let start = ContinuousClock.now
  private var atStart: Double?

  init(plan: Plan) {
    let fold = FoldSizes(plan.fold)
    epochWork = Double(plan.training.workOfAnEpoch(fold).forwardPasses)
    total = Double(plan.training.work(fold).forwardPasses)
    epochs = plan.training.epochs
  }

  /// Work done when so many cases of the epoch under way are trained and so many test cases predicted.
  func done(_ position: TrainingPosition, tested: Int) -> Double {
    Double(position.epoch) * epochWork
      + Double(RunWork(trained: position.partial.cases, predicted: tested).forwardPasses)
  }

  /// Training ended after so many epochs: the rest of them is no work of this run.
  mutating func endTraining(after epoch: Int) { total -= Double(epochs - epoch) * epochWork }

  mutating func secondsLeft(done: Double) -> Double? {
    guard let first = atStart else {
      atStart = done
      return nil
    }
    guard done > first else { return nil }
    return (total - done) * ((ContinuousClock.now - start) / .seconds(1)) / (done - first)
  }
}
