/// Lowers the learning rate when the validation score stops rising: `torch.optim.lr_scheduler.ReduceLROnPlateau` with
/// mode `max` and relative threshold, as a pure function of the recorded scores.
package struct PlateauSchedule: Codable, Hashable, Sendable {
  /// A cut multiplies the rate by this; 1 never lowers it.
  package var factor: Double
  /// Epochs without a better score that are forgiven.
  package var patience: Int
  /// A score is better when it exceeds `best · (1 + threshold)`.
  package var threshold: Double
  /// The rate never falls below this.
  package var minimum: Double

  /// PyTorch's threshold, halving after 10 epochs without a better score.
  package init(factor: Double = 0.5, patience: Int = 10, threshold: Double = 1e-4, minimum: Double = 0) {
    (self.factor, self.patience, self.threshold, self.minimum) = (factor, patience, threshold, minimum)
  }

  /// PyTorch leaves the rate alone when a cut would change it by less.
  private static let smallestCut = 1e-8

  /// - Parameter history: validation scores, one per finished epoch.
  /// - Returns: the rate of the next epoch.
  package func learningRate(initial: Double, history: [Double]) -> Double {
    var (rate, best, badEpochs) = (initial, -Double.infinity, 0)
    for score in history {
      if score > best * (threshold + 1) {
        (best, badEpochs) = (score, 0)
      } else {
        badEpochs += 1
      }
      if badEpochs > patience {
        let lowered = max(rate * factor, minimum)
        if rate - lowered > Self.smallestCut { rate = lowered }
        badEpochs = 0
      }
    }
    return rate
  }
}
