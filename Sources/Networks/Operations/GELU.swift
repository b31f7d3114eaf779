import Compute

/// GELU in its exact form (Hendrycks and Gimpel 2016), element by element.
///
///     y = x Φ(x),  y' = Φ(x) + x φ(x),  Φ and φ the standard normal distribution and density
package struct GELU: Operation {
  package var kind: String { "gelu" }
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  package var forwardInPlace: Int? { 0 }
  package var backwardInPlace: Int? { 0 }
  package var isCheapToRecompute: Bool { true }
}

extension Node {
  package func gelu() -> Node { applying(GELU()) }
}
