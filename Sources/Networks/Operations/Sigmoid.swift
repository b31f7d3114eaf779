import Compute

/// `y = 1 / (1 + exp(−x))`; padding channels stay zero.
package struct Sigmoid: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "sigmoid" }
  /// The input's shape: every number of the output has its place in the input.
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
  /// The output: `dx = dy y (1 − y)`, so the input need not be kept.
  package var backwardReads: BackwardReads { BackwardReads(output: true) }
  /// y may take x's memory.
  package var forwardInPlace: Int? { 0 }
  /// x's gradient may take `dy`'s memory.
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  /// `1 / (1 + exp(−x))` of every number.
  package func sigmoid() -> Node { applying(Sigmoid()) }
}
