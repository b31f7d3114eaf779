import Networks

extension VoxelTerm {
  /// The mean of the voxels' terms, and its gradient.
  func written(_ scores: LabelledScores) -> WrittenLoss {
    switch self {
    case .crossEntropy: scores.crossEntropy
    case .pixelwise: scores.pixelwise
    }
  }
}

extension LabelledScores {
  /// `−Σ_v w log p(label) / Σ_v w`, gradient `w (p − y) / Σ w`.
  fileprivate var crossEntropy: WrittenLoss {
    let weights = labelWeights
    let divisor = (weights?.converted(to: .float64).sum ?? voxels).orOne
    let terms = counted(weights.map { surprise * $0 } ?? surprise)
    var gradient = p - truth
    if let weights { gradient = gradient * weights.spread(to: p.shape, at: Side.allButChannels) }
    return WrittenLoss(
      value: terms.converted(to: .float64).sum / divisor,
      gradient: counted(gradient).scaled(by: divisor.splat(1) / divisor))
  }

  /// The largest p whose `log(1 − p)` is taken as such leaves this.
  private static let leastRest = Double(Float(1e-7))

  /// Eq. 9, `−Σ_c [y log p + (1 − y) log(1 − p)]`, and with r_c = −1 for the label's class and `p_c / (1 − p_c)` for others
  ///
  ///     dL/dz_j = r_j (1 − p_j) − p_j Σ_{c ≠ j} r_c
  ///
  /// A class whose `1 − p` is below the bound has its logarithm at the bound, and no gradient of it.
  fileprivate var pixelwise: WrittenLoss {
    let isBelow = rest.compared("LT", Self.leastRest)
    let bounded = rest.maximum(rest.splat(Self.leastRest))
    // Of a small p the logarithm of 1 + (−p): 1 − p would lose its digits.
    let logarithm = p.compared("LT", 0.5).select((-p).logarithmOfOnePlus, bounded.logarithm)
    let zero = p.splat(0)
    var r = isLabel.select(p.splat(-1), isBelow.select(zero, p / bounded))
    var own = isLabel.select(-rest, isBelow.select(zero, p))
    var others = isLabel.select(zero, -logarithm)
    var label = surprise
    if let classWeights, let labelWeights {
      (r, own, others) = (r * classWeights, own * classWeights, others * classWeights)
      label = label * labelWeights
    }
    let terms = counted(label + others.sum(over: [Side.channels]))
    let divisor = voxels.orOne * Double(p.shape[Side.channels])
    return WrittenLoss(
      value: terms.converted(to: .float64).sum / divisor,
      gradient: counted(own - p * r.sumOfOthers).scaled(by: divisor.splat(1) / divisor))
  }
}
