import Networks

/// A piece of a network: a value that adds operations to a graph under a name, as a `Module` of PyTorch does, whose
/// parameter paths it reproduces.
package protocol Layer: Sendable {
  /// Adds the layer's operations behind `x`, with its parameters under `name`, and returns the node of their result.
  func callAsFunction(_ x: Node, _ name: Name) -> Node
}
