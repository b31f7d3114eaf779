import Networks

/// Class scores beside labels, voxel by voxel: what every loss is made of.
struct LabelledScores {
  /// Whether a class is the label's, `[N, D, H, W, K]`.
  let isLabel: Value
  /// Whether a voxel's label is a class at all, `[N, D, H, W]`: others have no loss.
  let counts: Value
  /// Softmax.
  let p: Value
  /// `1 − p`, of the sum of the other classes: nothing cancels out where p is nearly 1.
  let rest: Value
  /// `−log p(label)`, `[N, D, H, W]`.
  let surprise: Value
  /// Of every class; nil: each is 1.
  let weights: ClassWeights?

  /// - Parameters:
  ///   - scores: `[N, D, H, W, K]`
  ///   - labels: `[N, D, H, W]`, bytes
  init(_ scores: Value, _ labels: Value, weights: ClassWeights?) {
    let (program, shape) = (scores.program, scores.shape)
    func spread(_ value: Value) -> Value { value.spread(to: shape, at: Side.allButChannels) }
    let numbers = labels.converted(to: .int32)
    isLabel = spread(numbers).compared("EQ", program.counting(along: Side.channels, shape))
    counts = numbers.compared("LT", Double(shape[Side.channels]))
    let top = scores.largest(over: [Side.channels])
    let powers = (scores - spread(top)).exponential
    let sum = powers.sum(over: [Side.channels])
    p = powers / spread(sum)
    rest = powers.sumOfOthers / spread(sum)
    surprise = sum.logarithm + top - scores.kept(where: isLabel).sum(over: [Side.channels])
    self.weights = weights
  }

  private var program: ProgramText { p.program }

  /// 1 for the label's class, 0 for others.
  var truth: Value { isLabel.converted(to: p.element) }

  /// w of every class at every voxel; nil: each is 1.
  var classWeights: Value? {
    weights.map { program.constant($0.values.map(Double.init), p.element).overChannels(of: p) }
  }

  /// w of the label's class, `[N, D, H, W]`, 0 where the label is none.
  var labelWeights: Value? { classWeights.map { $0.kept(where: isLabel).sum(over: [Side.channels]) } }

  /// How many voxels count.
  var voxels: Value { counts.converted(to: .float64).sum }

  /// Nothing where a voxel does not count.
  func counted(_ value: Value) -> Value {
    value.kept(where: value.shape == counts.shape ? counts : counts.spread(to: value.shape, at: Side.allButChannels))
  }
}

extension Value {
  /// At every class the sum of the others.
  var sumOfOthers: Value {
    let square = [shape[Side.channels], shape[Side.channels]]
    let others = program.counting(along: 0, square).compared("NE", program.counting(along: 1, square))
    return product(others.converted(to: element), over: [(Side.channels, 0)])
  }

  /// 1 where there is nothing to divide by.
  var orOne: Value { compared("GT", 0).select(self, splat(1)) }

  /// Times a single number of any precision.
  func scaled(by factor: Value) -> Value { self * factor.converted(to: element).spread(to: shape) }
}

/// A loss as a program has it.
struct WrittenLoss {
  /// In double: a sum over all voxels.
  let value: Value
  /// By the class scores.
  let gradient: Value
}
