import Compute

/// `y = x` where x is positive, else `slope · x` (Maas et al. 2013); NaN stays NaN.
package struct LeakyRectifier: Operation {
  /// That of PyTorch and of nnU-Net.
  package static let standardSlope: Float = 0.01

  /// What negative numbers are multiplied by; above 0, so that y has x's sign and tells the gradient.
  package let slope: Float

  /// - Precondition: a slope above 0 and below 1.
  package init(slope: Float = standardSlope) {
    precondition(slope > 0 && slope < 1, "a leaky ReLU needs a slope between 0 and 1, not \(slope)")
    self.slope = slope
  }

  /// As tables of cost and time name it.
  package var kind: String { "leaky relu" }
  /// The input's shape: every number of the output has its place in the input.
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
  /// The output: its sign is the input's, so the input need not be kept.
  package var backwardReads: BackwardReads { BackwardReads(output: true) }
  /// y may take x's memory.
  package var forwardInPlace: Int? { 0 }
  /// x's gradient may take `dy`'s memory.
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  /// Every number, those below zero times the slope.
  package func leakyRelu(slope: Float = LeakyRectifier.standardSlope) -> Node { applying(LeakyRectifier(slope: slope)) }
}
