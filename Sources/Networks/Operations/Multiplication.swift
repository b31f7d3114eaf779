import Compute

/// `y = a b`, voxel by voxel; `a` may be a single vector per volume (a gate), then it multiplies every voxel.
package struct Multiplication: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "multiply" }

  /// b's shape; a must have its batch and channels, and its extent or that of one vector per volume.
  package func outputShape(of inputs: [Shape]) -> Shape {
    let (a, b) = (inputs[0], inputs[1])
    precondition(
      a.batch == b.batch && a.channels == b.channels && (a.extent == b.extent || a.extent == 1),
      "cannot multiply \(a) and \(b)")
    return b
  }

  /// Both: `da = dy b` (summed over voxels for a gate), `db = dy a`.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0, 1]) }
  /// y may take b's memory.
  package var forwardInPlace: Int? { 1 }
  /// b's gradient may take `dy`'s memory, once a's is made.
  package var backwardInPlace: Int? { 1 }

  /// Whether `a` is a single vector per volume, `[N, 1, 1, 1, C]`, where `b` has more voxels.
  package func isGate(_ inputs: [Shape]) -> Bool { inputs[0].extent != inputs[1].extent }
}

extension Node {
  /// `a b`, voxel by voxel; `a` may be a single vector per volume, then it multiplies every voxel of `b`.
  package static func * (a: Node, b: Node) -> Node { a.applying(Multiplication(), with: [b]) }
}
