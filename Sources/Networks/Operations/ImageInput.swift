import Compute

/// The network's image. One channel is stored without channel padding, `[N, D, H, W]`, and only convolutions read it;
/// several are stored as any activation.
package struct ImageInput: Operation {
  /// `[N, D, H, W, C]`; with one channel N D H W floats in memory.
  package let shape: Shape

  /// As tables of cost and time name it.
  package var kind: String { "image" }
  /// `shape`: an image reads nothing.
  package func outputShape(of inputs: [Shape]) -> Shape { shape }
}
