import Store

/// How far a run has come, apart from the network itself: together they are a checkpoint.
package struct TrainingPosition: Equatable, Sendable {
  /// Sums over the steps of the epoch under way.
  package struct Partial: Equatable, Sendable {
    /// Loss times cases.
    package var loss = 0.0
    package var cases = 0
    package var seconds = 0.0

    package init() {}

    package var meanLoss: Double? { cases > 0 ? loss / Double(cases) : nil }
  }

  /// Finished epochs; also the index of the one under way.
  package var epoch = 0
  package var stepInEpoch = 0
  package var partial = Partial()
  /// The monitored score of each finished epoch.
  package var history: [Double] = []
  package var best: Checkpoint.Best?
  /// Wall seconds of the finished epochs, over all attempts.
  package var seconds = 0.0

  package init() {}

  package init(_ checkpoint: Checkpoint) {
    (epoch, stepInEpoch) = (checkpoint.epoch, checkpoint.stepInEpoch)
    (history, best) = (checkpoint.history, checkpoint.best)
    let sums = checkpoint.partial
    partial.loss = sums["loss"] ?? 0
    partial.cases = Int(exactly: sums["cases"] ?? 0) ?? 0
    partial.seconds = sums["seconds"] ?? 0
    seconds = sums["secondsBefore"] ?? 0
  }

  /// The sums by name, as a checkpoint keeps them.
  package var sums: [String: Double] {
    [
      "loss": partial.loss, "cases": Double(partial.cases), "seconds": partial.seconds, "secondsBefore": seconds,
    ]
  }

  /// The epoch under way is over: its score joins the history. True when it is the best so far.
  package mutating func finishEpoch(monitor: Double) -> Bool {
    epoch += 1
    stepInEpoch = 0
    seconds += partial.seconds
    partial = Partial()
    history.append(monitor)
    return best.improve(epoch: epoch, monitor: monitor)
  }
}
