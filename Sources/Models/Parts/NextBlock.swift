import Compute
import Networks

/// ConvNeXt's block (Liu et al. 2022, arXiv 2201.03545) in the slice plane, and CFNet's focal form of it.
///
///     m = D₁(x)                             (focal: u = x + D₁(x), m = u + D₃(u); Dᵣ 7x7 depthwise of dilation r)
///     y = x + s · W₂ gelu(W₁ norm(m))       W₁ to four times the width, s one factor per channel
///
/// - Input and output: `[N, D, H, W, C]`
struct NextBlock: Layer {
  /// The factors' first value.
  var scale: Float
  var isFocal = false

  func callAsFunction(_ x: Node, _ name: Name) -> Node {
    let channels = x.shape.channels
    var mixed = x.convolvedDepthwise(name / "spatial")
    if isFocal {
      let near = x + mixed
      mixed = near + near.convolvedDepthwise(dilation: 3, name / "wide")
    }
    let expanded = mixed.layerNormalized(name / "norm").convolved(4 * channels, kernel: 1, bias: true, name / "expand")
    let contracted = expanded.gelu().convolved(channels, kernel: 1, bias: true, name / "contract")
    return x.adding(layerScaled: contracted, initialValue: scale, name)
  }
}

/// Half the height and width: layer norm, then a 3x3x3 convolution of stride (1,2,2).
struct Down: Layer {
  var width: Int

  func callAsFunction(_ x: Node, _ name: Name) -> Node {
    x.layerNormalized(name / "norm").convolved(width, stride: .inPlane, bias: true, name / "conv")
  }
}
