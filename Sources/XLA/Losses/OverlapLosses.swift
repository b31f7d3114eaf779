import Networks

/// A loss of overlaps whose formula can be written into a program: what is a closure on the processor.
protocol XLAOverlapLoss: Loss {
  func written(_ sums: WrittenSums) -> WrittenOverlapLoss
}

/// How far prediction and truth overlap, in double: `OverlapSums` of a program.
struct WrittenSums {
  /// `Σ p` over the voxels that have the class, `[N, K]`.
  let common: Value
  /// `Σ p` over all voxels, `[N, K]`.
  let predicted: Value
  /// How many voxels have the class, `[N, K]`.
  let labelled: Value
  /// `Σ −w log p(label)` over the whole batch.
  let crossEntropy: Value
  /// `Σ w` over the whole batch.
  let weight: Value
}

/// `OverlapLoss` of a program, in double.
struct WrittenOverlapLoss {
  var value: Value
  /// `[N, K]`
  var byCommon: Value
  /// `[N, K]`
  var byPredicted: Value
  /// Nil where cross-entropy has no part in it.
  var byCrossEntropy: Value?
}

extension DiceLoss: XLAOverlapLoss {
  func written(_ sums: WrittenSums) -> WrittenOverlapLoss {
    let (cases, classes) = (sums.common.shape[0], sums.common.shape[1])
    let first = background || classes == 1 ? 0 : 1
    let scores = Double((classes - first) * (over == .batch ? 1 : cases))
    /// Of the region that a case belongs to.
    func region(_ value: Value) -> Value {
      over == .batch ? value.sum(over: [0]).spread(to: value.shape, at: [1]) : value
    }
    let above = region(sums.common) * 2 + smoothing
    let sizes = region(sums.predicted) + region(sums.labelled) + smoothing
    let below = sizes.maximum(sizes.splat(Self.smallestSum))
    let counts = sums.common.program.counting(along: 1, sums.common.shape).compared("GE", Double(first))
    let ratio = (above / below).kept(where: counts)
    // A region of all cases has its ratio at each of them.
    let total = ratio.sum * (1 / (scores * (over == .batch ? Double(cases) : 1)))
    return WrittenOverlapLoss(
      value: -total + 1, byCommon: (below.splat(-2 / scores) / below).kept(where: counts),
      byPredicted: (above / (below * below) * (1 / scores)).kept(where: counts))
  }
}

extension DiceCrossEntropyLoss: XLAOverlapLoss {
  func written(_ sums: WrittenSums) -> WrittenOverlapLoss {
    var result = dice.written(sums)
    let weight = sums.weight.orOne
    result.value = result.value * diceWeight + sums.crossEntropy / weight * crossEntropyWeight
    result.byCommon = result.byCommon * diceWeight
    result.byPredicted = result.byPredicted * diceWeight
    result.byCrossEntropy = weight.splat(crossEntropyWeight) / weight
    return result
  }
}

extension LabelledScores {
  private var sums: WrittenSums {
    func cases(_ value: Value) -> Value { counted(value).converted(to: .float64).sum(over: Side.voxels) }
    let weights = labelWeights
    return WrittenSums(
      common: cases(p.kept(where: isLabel)), predicted: cases(p), labelled: cases(truth),
      crossEntropy: counted(weights.map { surprise * $0 } ?? surprise).converted(to: .float64).sum,
      weight: weights?.converted(to: .float64).sum ?? voxels)
  }

  /// `dL/dz_j = p_j (g_j − Σ_k p_k g_k) + e (p_j − y_j)` with `g_c = dL/dP_c + y_c dL/dI_c` and e the weight of the label's
  /// class times the derivative by the cross-entropy.
  func written(_ loss: some XLAOverlapLoss) -> WrittenLoss {
    let result = loss.written(sums)
    func everywhere(_ value: Value) -> Value {
      value.converted(to: p.element).spread(to: p.shape, at: [Side.batch, Side.channels])
    }
    let g = everywhere(result.byPredicted) + everywhere(result.byCommon).kept(where: isLabel)
    let mean = (p * g).sum(over: [Side.channels]).spread(to: p.shape, at: Side.allButChannels)
    var gradient = p * (g - mean)
    if let byCrossEntropy = result.byCrossEntropy {
      var own = (p - truth).scaled(by: byCrossEntropy)
      if let weights = labelWeights { own = own * weights.spread(to: p.shape, at: Side.allButChannels) }
      gradient = gradient + own
    }
    return WrittenLoss(value: result.value, gradient: counted(gradient))
  }
}
