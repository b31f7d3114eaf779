import Foundation

/// The learning rate of every epoch: a pure function of the epochs there are and of the scores so far, so that a resumed
/// run needs no state. With `E` epochs, `W` of them warming up, epoch `e` counted from 0:
///
/// | kind | rate after warm-up, `t = (e − W) / (E − W)` | as in |
/// |---|---|---|
/// | `plateau` | times `factor` after more than `patience` epochs without a better score | `ReduceLROnPlateau`, mode max |
/// | `poly` | `initial · (1 − t)^exponent` | nnU-Net, `PolynomialLR` |
/// | `cosine` | `minimum + (initial − minimum) (1 + cos πt) / 2` | `CosineAnnealingLR` |
///
/// Warming up, the rate is `initial · (e + 1) / (W + 1)`, as `LinearLR` from `1 / (W + 1)` gives it; the plateau's scores
/// count from epoch `W` on.
package struct LearningRateSchedule: Hashable, Sendable {
  /// How the rate falls.
  package enum Kind: String, CaseIterable, Sendable { case plateau, poly, cosine }

  /// How the rate falls.
  package var kind = Kind.plateau
  /// A plateau's cut multiplies the rate by this; 1 never lowers it.
  package var factor: Double
  /// Epochs without a better score that a plateau forgives.
  package var patience: Int
  /// A score is better when it exceeds `best · (1 + threshold)`.
  package var threshold: Double
  /// The rate of `plateau` and `cosine` never falls below this.
  package var minimum: Double
  /// The power of `poly`; nnU-Net's.
  package var exponent = 0.9
  /// Epochs in which the rate rises.
  package var warmUp = 0

  /// PyTorch's threshold, halving after 10 epochs without a better score.
  package init(factor: Double = 0.5, patience: Int = 10, threshold: Double = 1e-4, minimum: Double = 0) {
    (self.factor, self.patience, self.threshold, self.minimum) = (factor, patience, threshold, minimum)
  }

  /// PyTorch leaves the rate alone when a cut would change it by less.
  private static let smallestCut = 1e-8

  /// - Parameters:
  ///   - epochs: of the whole training; more than those of `history`.
  ///   - history: validation scores, one per finished epoch.
  /// - Returns: the rate of the next epoch.
  package func learningRate(initial: Double, epochs: Int, history: [Double]) -> Double {
    let epoch = history.count
    guard epoch >= warmUp else { return initial * Double(epoch + 1) / Double(warmUp + 1) }
    let t = Double(epoch - warmUp) / Double(max(1, epochs - warmUp))
    switch kind {
    case .plateau: return plateau(initial: initial, history: history.dropFirst(warmUp))
    case .poly: return singlePrecision(initial * pow(max(0, 1 - t), exponent))
    case .cosine: return singlePrecision(minimum + (initial - minimum) * (1 + cos(.pi * min(1, t))) / 2)
    }
  }

  /// What a step is given anyway; the last digit of a library's power or cosine does not reach it.
  private func singlePrecision(_ rate: Double) -> Double { Double(Float(rate)) }

  private func plateau(initial: Double, history: ArraySlice<Double>) -> Double {
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
