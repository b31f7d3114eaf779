import Compute

/// Collects the operations that a model applies to its nodes.
package final class GraphBuilder {
  /// What has been applied so far, in that order.
  package private(set) var entries: [Graph.Entry] = []
  private var parameterNames: Set<String> = []

  /// A builder without an image; its first node comes from `image`.
  package init() {}

  /// The network's input, which comes first and once; a second one traps.
  package func image(_ shape: Shape) -> Node {
    precondition(entries.isEmpty, "a network has one image, and it comes first")
    entries.append(Graph.Entry(name: "image", operation: ImageInput(shape: shape), inputs: [], shape: shape))
    return Node(builder: self, index: 0, shape: shape)
  }

  fileprivate func append(_ operation: any Operation, to inputs: [Node], name: Name) -> Node {
    precondition(inputs.allSatisfy { $0.builder === self }, "\(name): inputs of different networks")
    precondition(Set(inputs.map(\.index)).count == inputs.count, "\(name): the same input twice")
    let shapes = inputs.map(\.shape)
    for parameter in operation.parameters(of: shapes) {
      let (isNew, _) = parameterNames.insert((name / parameter.name).path)
      precondition(isNew, "two parameters named \(name / parameter.name)")
    }
    let shape = operation.outputShape(of: shapes)
    entries.append(Graph.Entry(name: name, operation: operation, inputs: inputs.map(\.index), shape: shape))
    return Node(builder: self, index: entries.count - 1, shape: shape)
  }
}

/// An activation while a model is being written down: `x.convolved(64, "stem.0.conv").relu()`.
package struct Node {
  fileprivate let builder: GraphBuilder
  /// Its entry in the graph.
  package let index: Int
  /// What it holds, `[N, D, H, W, C]`.
  package let shape: Shape

  /// Appends an operation that reads this node and `others`, and returns what it writes.
  ///
  /// - Precondition: the inputs are different nodes of one builder, their shapes suit the operation, and no parameter
  ///   has the name of another; each message says which.
  package func applying(_ operation: some Operation, with others: [Node] = [], _ name: Name = "") -> Node {
    builder.append(operation, to: [self] + others, name: name)
  }

  var isImage: Bool { index == 0 }
}
