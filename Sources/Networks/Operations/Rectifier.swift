import Compute

/// `y = max(0, x)`; NaN stays NaN.
package struct Rectifier: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "relu" }
  /// The input's shape: every number of the output has its place in the input.
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
  /// The output: the gradient passes where it is positive, so the input need not be kept.
  package var backwardReads: BackwardReads { BackwardReads(output: true) }
  /// y may take x's memory.
  package var forwardInPlace: Int? { 0 }
  /// x's gradient may take `dy`'s memory.
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  /// The larger of 0 and every number.
  package func relu() -> Node { applying(Rectifier()) }
}
