import Compute

/// Everything from which training goes on as if it had never stopped.
///
/// Random numbers need no state: they are pure functions of seed, purpose, epoch and case.
package struct Checkpoint: Equatable, Sendable {
  /// The best validation so far and the epoch that reached it.
  package struct Best: Equatable, Sendable {
    package var epoch: Int
    package var monitor: Double

    package init(epoch: Int, monitor: Double) { (self.epoch, self.monitor) = (epoch, monitor) }
  }

  /// SHA-256 of the canonical plan.
  package var planIdentity: String
  package var programVersion: String
  /// Under which the last step was trained; nil in checkpoints written before it was recorded.
  package var numericsVersion: NumericsVersion?
  /// Finished epochs.
  package var epoch: Int
  /// Finished steps of the epoch under way; 0 between epochs.
  package var stepInEpoch: Int
  /// Steps of the optimiser since the start (Adam's t).
  package var step: Int
  /// Bytes of the journal that belong to this state; what was written later is cut off on resuming.
  package var journalPosition: Int
  /// The monitored validation score of each finished epoch: the learning-rate schedule is a pure function of it.
  package var history: [Double]
  package var best: Best?
  /// Running sums of the epoch under way, by name.
  package var partial: [String: Double]
  /// `parameters`, `statistics`, `first_moments`, ...: tensors in PyTorch's layout under PyTorch's names.
  package var sections: [String: [NamedTensor]]

  package init(
    planIdentity: String, programVersion: String, numericsVersion: NumericsVersion? = nil, epoch: Int,
    stepInEpoch: Int = 0, step: Int, journalPosition: Int, history: [Double], best: Best? = nil,
    partial: [String: Double] = [:], sections: [String: [NamedTensor]]
  ) {
    (self.planIdentity, self.programVersion) = (planIdentity, programVersion)
    self.numericsVersion = numericsVersion
    (self.epoch, self.stepInEpoch, self.step) = (epoch, stepInEpoch, step)
    (self.journalPosition, self.history, self.best) = (journalPosition, history, best)
    (self.partial, self.sections) = (partial, sections)
  }

  /// The first value that is not finite, if any.
  var notFinite: String? {
    if !history.allSatisfy(\.isFinite) { return "history" }
    if let best, !best.monitor.isFinite { return "best" }
    if let (name, _) = partial.first(where: { !$0.value.isFinite }) { return "partial/\(name)" }
    for (section, tensors) in sections {
      if let tensor = tensors.first(where: { !$0.values.allSatisfy(\.isFinite) }) { return "\(section)/\(tensor.name)" }
    }
    return nil
  }
}
