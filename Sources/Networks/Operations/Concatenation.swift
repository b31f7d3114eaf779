import Compute

/// The inputs' channels one after the other, any numbers of them; the result's padding is zero.
package struct Concatenation: Operation {
  /// Every input but the last must have a multiple of so many channels, so that readers find each block of channels in one
  /// of them: then they can read the inputs themselves.
  package static let partChannels = 32

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
