import Compute

/// `y = (g a) b`, voxel by voxel, where `g` is a single vector per volume: two multiplications in one pass.
///
/// - Inputs: `g` `[N, 1, 1, 1, C]`, `a` and `b` `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, C]`
package struct GatedProduct: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "gated product" }

  /// b's shape, which is a's too; the gate must have its batch and channels.
  package func outputShape(of inputs: [Shape]) -> Shape {
    let (gate, a, b) = (inputs[0], inputs[1], inputs[2])
    precondition(
      a == b && gate.batch == b.batch && gate.channels == b.channels && gate.extent == 1,
      "cannot multiply \(gate), \(a) and \(b)")
    return b
  }

  /// All: with h = dy b, `dg = Σ h a` over voxels, `da = g h`, `db = dy (g a)`.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0, 1, 2]) }
  /// y may take b's memory.
  package var forwardInPlace: Int? { 2 }
  /// b's gradient may take `dy`'s memory: every number of it is read before.
  package var backwardInPlace: Int? { 2 }
}
