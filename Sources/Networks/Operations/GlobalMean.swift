import Compute

/// The mean over a volume's voxels: `[N, D, H, W, C]` -> `[N, 1, 1, 1, C]`.
package struct GlobalMean: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "mean" }
  /// `[N, 1, 1, 1, C]`.
  package func outputShape(of inputs: [Shape]) -> Shape {
    Shape(batch: inputs[0].batch, 1, channels: inputs[0].channels)
  }
}

extension Node {
  /// Every channel's mean over D, H and W: PyTorch's `AdaptiveAvgPool3d(1)`.
  package func globalMean() -> Node { applying(GlobalMean()) }
}
