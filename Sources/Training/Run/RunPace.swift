import Experiments

/// Measures how fast this process gets on, in forward passes of the network as `RunWork` counts them.
///
/// Nothing is told before a whole epoch has ended: its steps alone say nothing of validation and saving, which take most of
/// the time of a small data set. Test cases count as validated ones until the first was scored, which takes longer.
struct RunPace {
  private let windows: Double
  private let epochWork: Double
  /// Of the whole run.
  private(set) var total: Double
  private let epochs: Int
  private let tests: Int
  private let now: () -> Double
  private var start: (time: Double, done: Double)?
  /// Of whole epochs, from the start on.
  private var secondsPerPass: Double?
  private var testStart: Double?

  /// - Parameters:
  ///   - windows: that the prediction of a case takes.
  ///   - now: seconds of a clock that never goes back.
  init(plan: Plan, windows: Double, now: @escaping () -> Double = RunPace.clock()) {
    let fold = FoldSizes(plan.fold)
    self.windows = windows
    epochWork = plan.training.workOfAnEpoch(fold).forwardPasses(windows: windows)
    total = plan.training.work(fold).forwardPasses(windows: windows)
    (epochs, tests, self.now) = (plan.training.epochs, fold.test, now)
  }

  private static func clock() -> () -> Double {
    let start = ContinuousClock.now
    return { (ContinuousClock.now - start) / .seconds(1) }
  }

  /// Work done when so many cases of the epoch under way are trained and so many test cases predicted.
  func done(_ position: TrainingPosition, tested: Int) -> Double {
    Double(position.epoch) * epochWork
      + RunWork(trained: position.partial.cases, predicted: tested).forwardPasses(windows: windows)
  }

  /// The work begins, with so much done by earlier processes.
  mutating func begin(done: Double) { start = (now(), done) }

  /// An epoch has ended, its validation and saving included.
  mutating func endEpoch(done: Double) {
    guard let start, done > start.done else { return }
    secondsPerPass = (now() - start.time) / (done - start.done)
  }

  /// Training ended after so many epochs: the rest of them is no work of this run.
  mutating func endTraining(after epoch: Int) {
    total -= Double(epochs - epoch) * epochWork
    testStart = now()
  }

  /// Nil where nothing can be said yet.
  func secondsLeft(done: Double, tested: Int = 0) -> Double? {
    if let testStart, tested > 0 { return (now() - testStart) / Double(tested) * Double(tests - tested) }
    return secondsPerPass.map { (total - done) * $0 }
  }
}
