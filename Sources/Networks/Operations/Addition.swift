import Compute

/// `y = a + b`, with the ReLU behind it when the fusion pass has found one.
package struct Addition: Operation {
  package var rectifies = false

  package var kind: String { rectifies ? "add+relu" : "add" }

  package func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "cannot add \(inputs[0]) and \(inputs[1])")
    return inputs[0]
  }

  package var backwardReads: BackwardReads { BackwardReads(output: rectifies) }
  package var forwardInPlace: Int? { 0 }
  package var backwardInPlace: Int? { 0 }
}

extension Node {
  package static func + (a: Node, b: Node) -> Node { a.applying(Addition(), with: [b]) }
}
