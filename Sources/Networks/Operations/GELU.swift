import Compute

/// GELU in its exact form (Hendrycks and Gimpel 2016), element by element.
///
///     y = x Φ(x),  y' = Φ(x) + x φ(x),  Φ and φ the standard normal distribution and density
package struct GELU: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "gelu" }
  /// The input's shape: every number of the output has its place in the input.
  package func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
  /// The input: y' cannot be had from y, which is not monotonic.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  /// y may take x's memory where nobody needs x for backward.
  package var forwardInPlace: Int? { 0 }
  /// x's gradient may take `dy`'s memory.
  package var backwardInPlace: Int? { 0 }
  /// One pass over the input gives y again, so it is not kept.
  package var isCheapToRecompute: Bool { true }
}

extension Node {
  /// GELU of every number, in its exact form.
  package func gelu() -> Node { applying(GELU()) }
}
