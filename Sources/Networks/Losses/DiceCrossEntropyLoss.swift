/// Soft Dice and cross-entropy together, nnU-Net's loss (Isensee et al. 2021):
///
///     L = diceWeight · (1 − mean soft Dice) + crossEntropyWeight · (−1 / V · Σ_v log p(label))
///
/// nnU-Net's own value is lower by the Dice weight: it takes −Dice for 1 − Dice.
package struct DiceCrossEntropyLoss: Loss, Hashable {
  package var dice = DiceLoss()
  package var diceWeight = 1.0
  package var crossEntropyWeight = 1.0

  package static let name = "diceCrossEntropy"
  package static let summary = "Soft Dice and cross-entropy together, as in nnU-Net"

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

  package init() {}

  package var passes: LossPasses { .overlaps { [self] in loss($0) } }

  package func loss(_ cases: [OverlapSums]) -> OverlapLoss {
    var result = dice.loss(cases)
    let voxels = cases.reduce(0) { $0 + $1.voxels }
    let crossEntropy = cases.reduce(0) { $0 + $1.crossEntropy } / voxels
    result.value = diceWeight * result.value + crossEntropyWeight * crossEntropy
    for index in result.derivatives.indices {
      for c in result.derivatives[index].common.indices {
        result.derivatives[index].common[c] *= diceWeight
        result.derivatives[index].predicted[c] *= diceWeight
      }
      result.derivatives[index].crossEntropy = crossEntropyWeight / voxels
    }
    return result
  }
}
