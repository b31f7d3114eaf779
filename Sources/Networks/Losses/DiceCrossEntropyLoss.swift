/// Soft Dice and cross-entropy together, nnU-Net's loss (Isensee et al. 2021):
///
///     L = diceWeight · (1 − mean soft Dice) + crossEntropyWeight · (−1 / Σ_v w · Σ_v w log p(label))
///
/// w is the weight of the label's class where the classes have some (nnU-Net's `weight_ce`), else 1.
///
/// nnU-Net's own value is lower by the Dice weight: it takes −Dice for 1 − Dice.
package struct DiceCrossEntropyLoss: Loss, Hashable {
  /// Regions, smoothing and background of the Dice part.
  package var dice = DiceLoss()
  /// Weight of `1 − mean soft Dice`, at least 0.
  package var diceWeight = 1.0
  /// Weight of the cross-entropy, at least 0.
  package var crossEntropyWeight = 1.0

  /// An experiment names it `"loss": "diceCrossEntropy"`.
  package static let name = "diceCrossEntropy"
  /// What the schema of experiments says of it.
  package static let summary = "Soft Dice and cross-entropy together, as in nnU-Net"

  /// Both weights, and the Dice part's own fields beside them.
  package static var fields: [LossField<DiceCrossEntropyLoss>] {
    [
      .number("diceWeight", \.diceWeight, atLeast: 0, meaning: "Weight of 1 - soft Dice"),
      .number("crossEntropyWeight", \.crossEntropyWeight, atLeast: 0, meaning: "Weight of the cross-entropy"),
      .choice(
        "over", \.dice.over.word, words: DiceLoss.Region.allCases.map(\.rawValue),
        meaning: "One Dice for each case, or one for the whole batch"),
      .number(
        "smoothing", \.dice.smoothing, atLeast: 0, meaning: "Added to both sides of Dice; a few voxels at most"),
      .flag("background", \.dice.background, meaning: "Whether the background counts as a class of Dice"),
    ]
  }

  /// nnU-Net's weights, 1 and 1, over the cases of a batch one by one.
  package init() {}

  /// Two passes: Dice needs sums over a region before any voxel has a gradient.
  package var passes: LossPasses { .overlaps { [self] in loss($0) } }

  /// Value and derivatives for the sums of a batch's cases. The cross-entropy's derivative by its own sum is
  /// `crossEntropyWeight / Σ w`.
  package func loss(_ cases: [OverlapSums]) -> OverlapLoss {
    var result = dice.loss(cases)
    // All voxels of a batch may be ignored.
    let weight = cases.reduce(0) { $0 + $1.weight }.orOne
    let crossEntropy = cases.reduce(0) { $0 + $1.crossEntropy } / weight
    result.value = diceWeight * result.value + crossEntropyWeight * crossEntropy
    for index in result.derivatives.indices {
      for c in result.derivatives[index].common.indices {
        result.derivatives[index].common[c] *= diceWeight
        result.derivatives[index].predicted[c] *= diceWeight
      }
      result.derivatives[index].crossEntropy = crossEntropyWeight / weight
    }
    return result
  }
}
