import Compute

/// The network's image: one channel, stored without channel padding `[N, D, H, W]`; only convolutions read it.
package struct ImageInput: Operation {
  /// `[N, D, H, W, 1]`; in memory N D H W floats without channel padding.
  package let shape: Shape

  /// As tables of cost and time name it.
  package var kind: String { "image" }
  /// `shape`: an image reads nothing.
  package func outputShape(of inputs: [Shape]) -> Shape { shape }
}
