import Compute

/// `y = a b`, voxel by voxel; `a` may be a single vector per volume (a gate), then it multiplies every voxel.
package struct Multiplication: Operation {
  package var kind: String { "multiply" }

  package func outputShape(of inputs: [Shape]) -> Shape {
    let (a, b) = (inputs[0], inputs[1])
    precondition(
      a.batch == b.batch && a.channels == b.channels && (a.extent == b.extent || a.extent == 1),
      "cannot multiply \(a) and \(b)")
    return b
  }

  package var backwardReads: BackwardReads { BackwardReads(inputs: [0, 1]) }
  package var forwardInPlace: Int? { 1 }
  package var backwardInPlace: Int? { 1 }

  /// Whether `a` is a single vector per volume.
  package func isGate(_ inputs: [Shape]) -> Bool { inputs[0].extent != inputs[1].extent }
}

extension Node {
  /// `a` may be a single vector per volume.
  package static func * (a: Node, b: Node) -> Node { a.applying(Multiplication(), with: [b]) }
}
