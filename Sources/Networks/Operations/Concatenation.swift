import Compute

/// The inputs' channels one after the other, any numbers of them; the result's padding is zero.
package struct Concatenation: Operation {
  package var kind: String { "concat" }

  package func outputShape(of inputs: [Shape]) -> Shape {
    let first = inputs[0]
    for other in inputs {
      precondition(
        other.batch == first.batch && other.extent == first.extent, "cannot concatenate \(first) and \(other)")
    }
    return Shape(batch: first.batch, first.extent, channels: inputs.map(\.channels).reduce(0, +))
  }
}

extension Node {
  package static func concatenated(_ nodes: [Node]) -> Node {
    nodes[0].applying(Concatenation(), with: Array(nodes.dropFirst()))
  }
}
