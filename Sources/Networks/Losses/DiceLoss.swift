/// Soft Dice (Milletari et al. 2016, in nnU-Net's form), mean over regions r and classes c:
///
///     L = 1 − mean of (2 Σ p y + s) / (Σ p + Σ y + s)
///
/// The sums are over the voxels of a region: of one case, or of the whole batch. A class that neither prediction nor truth
/// has scores about 1, by the smoothing s.
package struct DiceLoss: Loss, Hashable {
  /// What one score is made of.
  package enum Region: String, CaseIterable, Sendable { case batch, `case` }

  /// Whether a score is made of one case or of the whole batch.
  package var over = Region.case
  /// s, in voxels: added to both sides of the fraction, so that an absent class scores about 1 and not 0 / 0.
  package var smoothing = 1e-5
  /// Whether class 0, the background, has a score that counts.
  package var background = false

  /// An experiment names it `"loss": "dice"`.
  package static let name = "dice"
  /// What the schema of experiments says of it.
  package static let summary = "1 - soft Dice, mean over the classes"

  /// `over`, `smoothing` and `background`.
  package static var fields: [LossField<DiceLoss>] {
    [
      .choice(
        "over", \.over.word, words: Region.allCases.map(\.rawValue),
        meaning: "One score for each case, or one for the whole batch"),
      .number(
        "smoothing", \.smoothing, atLeast: 0, meaning: "Added to both sides of the fraction; a few voxels at most"),
      .flag("background", \.background, meaning: "Whether the background counts as a class"),
    ]
  }

  /// nnU-Net's: each case by itself, s = 1e-5, without the background.
  package init() {}

  /// The same with some fields set.
  package init(over: Region = .case, smoothing: Double = 1e-5, background: Bool = false) {
    (self.over, self.smoothing, self.background) = (over, smoothing, background)
  }

  /// Two passes: sums over a region first, then the gradient that depends on them.
  package var passes: LossPasses { .overlaps { [self] in loss($0) } }

  /// `dL / d(Σ p y) = −2 / (n D)` and `dL / d(Σ p) = N / (n D²)`, with N and D the fraction's sides and n the number of
  /// scores.
  package func loss(_ cases: [OverlapSums]) -> OverlapLoss {
    let classes = cases[0].common.count
    let counted = (background || classes == 1 ? 0 : 1)..<classes
    let regions: [Range<Int>] = over == .batch ? [0..<cases.count] : cases.indices.map { $0..<$0 + 1 }
    let scores = Double(counted.count * regions.count)
    let none = [Double](repeating: 0, count: classes)
    var result = OverlapLoss(
      value: 1, derivatives: cases.map { _ in .init(common: none, predicted: none, crossEntropy: 0) })
    for region in regions {
      for c in counted {
        let common = region.reduce(0) { $0 + cases[$1].common[c] }
        let sizes = region.reduce(0) { $0 + cases[$1].predicted[c] + cases[$1].labelled[c] }
        let (above, below) = (2 * common + smoothing, max(sizes + smoothing, Self.smallestSum))
        result.value -= above / below / scores
        for index in region {
          result.derivatives[index].common[c] = -2 / below / scores
          result.derivatives[index].predicted[c] = above / below / below / scores
        }
      }
    }
    return result
  }

  /// nnU-Net's bound: nothing is divided by less.
  package static let smallestSum = 1e-8
}
