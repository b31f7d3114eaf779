import Compute

/// The mean over a volume's voxels: `[N, D, H, W, C]` -> `[N, 1, 1, 1, C]`.
package struct GlobalMean: Operation {
  package var kind: String { "mean" }
  package func outputShape(of inputs: [Shape]) -> Shape {
    Shape(batch: inputs[0].batch, 1, channels: inputs[0].channels)
  }
}

extension Node {
  package func globalMean() -> Node { applying(GlobalMean()) }
}
