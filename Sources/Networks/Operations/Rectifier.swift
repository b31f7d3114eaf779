import Compute

/// `y = max(0, x)`; NaN stays NaN.
package struct Rectifier: Operation {
  package var kind: String { "relu" }
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
  package var backwardReads: BackwardReads { BackwardReads(output: true) }
  package var forwardInPlace: Int? { 0 }
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  package func relu() -> Node { applying(Rectifier()) }
}
