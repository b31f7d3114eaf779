import Compute
import Networks

/// The scene-aware fusion network (BMC Neuroscience 2023), as `safnet_reference.py` reads it.
///
/// A residual encoder gives features at H/4, H/8 and H/16 (low, mid, high). High passes ASPP and self-attention, low
/// and mid multiscale fusion. The pooled, attended high features gate low and mid (Eq. 6-8); gated, low and mid are
/// concatenated at low's size, projected, classified and upsampled. Without the gate (the variants of Table 2), high is
/// upsampled and concatenated instead.
///
/// - Input:  `[N, D, H, W, 1]`
/// - Output: `[N, D, H, W, classes]`
package struct SAFNet: NetworkModel {
  package var configuration: Configuration

  package init(_ configuration: Configuration = Configuration()) { self.configuration = configuration }

  package func logits(of image: Node, classes: Int) -> Node {
    var (low, mid, high) = features(of: image)
    if configuration.aspp { high = ASPP(rates: configuration.asppRates)(high, "aspp") }
    if configuration.attention { high = attention(high, "attention") }
    if configuration.multiscale {
      let fusion = MultiscaleFusion(rates: configuration.fusionRates)
      (low, mid) = (fusion(low, "fuse_low"), fusion(mid, "fuse_mid"))
    }
    mid = mid.resized(to: low.shape.extent)
    let spliced = ConvNormReLU(configuration.width, kernel: 1)(
      .concatenated([configuration.hasGate ? gated(low, mid, by: high) : high.resized(to: low.shape.extent), low, mid]),
      "splice")
    return spliced.convolved(classes, kernel: 1, bias: true, "classify").resized(to: image.shape.extent)
  }

  /// Stem of stride (1,2,2), then residuals of stride (1,2,2); high adds a residual and three blocks "with holes".
  private func features(of image: Node) -> (low: Node, mid: Node, high: Node) {
    let width = configuration.width
    var x = ConvNormReLU(configuration.stem[0])(image, "stem.0")
    x = ConvNormReLU(configuration.stem[1], stride: .inPlane)(x, "stem.1")
    let low = Residual(width, stride: .inPlane)(x, "low")
    let mid = Residual(width, stride: .inPlane)(low, "mid")
    var high = Residual(width, stride: .inPlane)(mid, "high.0")
    high = Residual(width, stride: 1)(high, "high.1")
    for index in 2..<5 { high = ConvNormReLU(width, dilation: Extent3(1, 2, 2))(high, "high" / index) }
    return (low, mid, high)
  }

  /// Eq. 6-8: pool, sigmoid, attention, times low times mid.
  private func gated(_ low: Node, _ mid: Node, by high: Node) -> Node {
    attention(high.globalMean().sigmoid(), "gate") * low * mid
  }

  private func attention(_ x: Node, _ name: Name) -> Node {
    SelfAttention(reduction: configuration.attentionReduction)(x, name)
  }
}
