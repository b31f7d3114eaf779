import Experiments

/// Measures how fast this process gets on, in forward passes: a trained case counts as three, a predicted one as one.
struct RunPace {
  private let plan: Plan
  private let start = ContinuousClock.now
  private var atStart: Double?

  init(plan: Plan) { self.plan = plan }

  private var trainedCases: Int { plan.training.batches(of: plan.fold.train.count).reduce(0, +) }
  private var epochWork: Double { Double(3 * trainedCases + plan.fold.validation.count) }
  var total: Double { Double(plan.training.epochs) * epochWork + Double(plan.fold.test.count) }

  /// Work done when so many cases of the epoch under way are trained and so many test cases predicted.
  func done(_ position: TrainingPosition, tested: Int) -> Double {
    Double(position.epoch) * epochWork + Double(3 * position.partial.cases + tested)
  }

  mutating func secondsLeft(done: Double) -> Double? {
    guard let first = atStart else {
      atStart = done
      return nil
    }
    guard done > first else { return nil }
    return (total - done) * ((ContinuousClock.now - start) / .seconds(1)) / (done - first)
  }
}
