import Compute
import Networks

/// Convolution, batch normalisation, ReLU: the block that every network here repeats (Eq. 1-3).
///
///     y = max(0, γ (W ∗ x − μ) / √(σ² + ε) + β)
///
/// The convolution has no bias, because β already shifts every channel.
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, ⌈D/s₀⌉, ⌈H/s₁⌉, ⌈W/s₂⌉, outChannels]`
package struct ConvNormReLU: Layer {
  /// Channels of the result.
  package var outChannels: Int
  /// Taps along D, H and W; odd.
  package var kernel: Extent3
  /// Input voxels from one output voxel to the next, along D, H and W.
  package var stride: Extent3
  /// Input voxels from one tap to the next, along D, H and W.
  package var dilation: Extent3
  /// Without it the block ends with the normalisation, as before the addition of a residual.
  package var rectifies: Bool

  /// 3x3x3 of stride and dilation 1, unless said otherwise.
  package init(
    _ outChannels: Int, kernel: Extent3 = 3, stride: Extent3 = 1, dilation: Extent3 = 1, rectifies: Bool = true
  ) {
    (self.outChannels, self.kernel, self.stride) = (outChannels, kernel, stride)
    (self.dilation, self.rectifies) = (dilation, rectifies)
  }

  /// Adds the convolution under `name.conv` and the normalisation under `name.norm`.
  package func callAsFunction(_ x: Node, _ name: Name) -> Node {
    let y = x.convolved(outChannels, kernel: kernel, stride: stride, dilation: dilation, name / "conv")
      .batchNormalized(name / "norm")
    return rectifies ? y.relu() : y
  }
}

extension Extent3 {
  /// (1,2,2): every stride of these networks halves H and W and keeps D, because 18 slices do not halve three times.
  package static let inPlane = Extent3(1, 2, 2)
}
