import Compute

/// The last step of an additive attention gate (Oktay et al. 2018, Eq. 2): one factor per voxel for all its channels.
///
///     y(v, c) = x(v, c) σ(a(v)),  σ(a) = 1 / (1 + e⁻ᵃ)
///
/// - Inputs: `x` `[N, D, H, W, C]`, `a` `[N, D, H, W, 1]`
/// - Output: `[N, D, H, W, C]`
package struct AttentionGate: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "attention gate" }

  /// The shape of `x`, for which `a` must hold one gate per voxel.
  package func outputShape(of inputs: [Shape]) -> Shape {
    let (x, a) = (inputs[0], inputs[1])
    precondition(
      a.channels == 1 && a.batch == x.batch && a.extent == x.extent, "\(a) does not hold one gate per voxel of \(x)")
    return x
  }

  /// `dx = dy σ(a)` and `da = σ(a) σ(−a) Σ_c dy x` read both inputs.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0, 1]) }
  /// y may take x's memory: every product needs its own voxel only.
  package var forwardInPlace: Int? { 0 }
  /// x's gradient may take `dy`'s memory.
  package var backwardInPlace: Int? { 0 }
  /// One product per number: y is computed again for backward and not kept.
  package var isCheapToRecompute: Bool { true }
}

extension Node {
  /// Every voxel's channels times one gate between 0 and 1.
  package func gated(by a: Node) -> Node { applying(AttentionGate(), with: [a]) }
}
