import Compute

/// `y = 1 / (1 + exp(−x))`; padding channels stay zero.
package struct Sigmoid: Operation {
  package var kind: String { "sigmoid" }
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
  package var backwardReads: BackwardReads { BackwardReads(output: true) }
  package var forwardInPlace: Int? { 0 }
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  package func sigmoid() -> Node { applying(Sigmoid()) }
}
