/// Which trained network something was made by, as predictions and exports keep it.
package struct NetworkSource: Codable, Hashable, Sendable {
  /// The run's directory.
  package var run: String
  package var fold: Int
  package var checkpoint: String
  /// Finished epochs.
  package var epoch: Int
  /// The plan's identity.
  package var plan: String
  /// SHA-256 of the weights.
  package var weights: String

  package init(run: String, fold: Int, checkpoint: String, epoch: Int, plan: String, weights: String) {
    (self.run, self.fold, self.checkpoint) = (run, fold, checkpoint)
    (self.epoch, self.plan, self.weights) = (epoch, plan, weights)
  }
}
