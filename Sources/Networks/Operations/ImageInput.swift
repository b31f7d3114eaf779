import Compute

/// The network's image: one channel, stored without channel padding `[N, D, H, W]`; only convolutions read it.
package struct ImageInput: Operation {
  package let shape: Shape

  package var kind: String { "image" }
  package func outputShape(of inputs: [Shape]) -> Shape { shape }
}
