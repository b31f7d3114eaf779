import Networks

/// A piece of a network: a value that adds operations to a graph under a name.
package protocol Layer: Sendable {
  func callAsFunction(_ x: Node, _ name: Name) -> Node
}
