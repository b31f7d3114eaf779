import Experiments

/// Measures how fast this process gets on, in forward passes of the network as `RunWork` counts them.
struct RunPace {
  private let windows: Double
  private let epochWork: Double
  /// Of the whole run.
  private(set) var total: Double
  private let epochs: Int
  private let start = ContinuousClock.now
  private var atStart: Double?

  /// - Parameter windows: that the prediction of a case takes.
  init(plan: Plan, windows: Double) {
    let fold = FoldSizes(plan.fold)
    self.windows = windows
    epochWork = plan.training.workOfAnEpoch(fold).forwardPasses(windows: windows)
    total = plan.training.work(fold).forwardPasses(windows: windows)
    epochs = plan.training.epochs
  }

  /// Work done when so many cases of the epoch under way are trained and so many test cases predicted.
  func done(_ position: TrainingPosition, tested: Int) -> Double {
    Double(position.epoch) * epochWork
      + RunWork(trained: position.partial.cases, predicted: tested).forwardPasses(windows: windows)
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
