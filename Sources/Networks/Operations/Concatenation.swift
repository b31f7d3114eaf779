import Compute

/// The inputs' channels one after the other, any numbers of them; the result's padding is zero.
package struct Concatenation: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "concat" }

  /// The inputs' extent with the sum of their channels; batches and extents must be equal.
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
  /// The nodes' channels one after the other, in the order of the list, which must not be empty.
  package static func concatenated(_ nodes: [Node]) -> Node {
    nodes[0].applying(Concatenation(), with: Array(nodes.dropFirst()))
  }
}
