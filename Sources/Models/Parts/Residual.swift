import Compute
import Networks

/// Fig. 3: a deep branch and a shortcut, added.
///
///     y = max(0, norm(W₂ ∗ CBR(x)) + CBR₁ₓ₁ₓ₁(x))
///
/// The second convolution of the deep branch and the shortcut carry the stride.
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, ⌈D/s₀⌉, ⌈H/s₁⌉, ⌈W/s₂⌉, outChannels]`
package struct Residual: Layer {
  /// Channels of both branches.
  package var outChannels: Int
  /// Of the second deep convolution and of the shortcut, along D, H and W.
  package var stride: Extent3

  /// Two 3x3x3 convolutions beside one of 1x1x1.
  package init(_ outChannels: Int, stride: Extent3) { (self.outChannels, self.stride) = (outChannels, stride) }

  /// Adds the branches under `name.deep`, `name.down` and `name.shortcut`.
  package func callAsFunction(_ x: Node, _ name: Name) -> Node {
    let deep = ConvNormReLU(outChannels)(x, name / "deep")
    let down = ConvNormReLU(outChannels, stride: stride, rectifies: false)(deep, name / "down")
    let shortcut = ConvNormReLU(outChannels, kernel: 1, stride: stride)(x, name / "shortcut")
    return (down + shortcut).relu()
  }
}
