import Compute
import Networks

/// 3D U-Net (Çiçek et al. 2016, arXiv 1606.06650): analysis 32-64, 64-128, 128-256, 256-512, three skips, two 3x3x3
/// blocks per layer. With pools and doublings of 2x2x2, three channels in and three classes out, one bias per 3x3x3
/// convolution in place of the norms' parameters and none in the transposed ones, these widths give the 19,069,955
/// parameters that the source states.
///
/// Departures: pools and transposed convolutions are (1,2,2), since 18 slices do not halve three times; "same" padding;
/// no bias before a norm.
///
/// - Input:  `[N, D, H, W, 1]`
/// - Output: `[N, D, H, W, classes]`
package struct UNet3D: NetworkModel {
  package var configuration: UNetConfiguration

  package init(_ configuration: UNetConfiguration = UNetConfiguration()) { self.configuration = configuration }

  package func logits(of image: Node, classes: Int) -> Node {
    let net = UNet(levels: configuration.levels) { x, widths, name in DoubleConvolution(widths: widths)(x, name) }
    return net.logits(of: image, classes: classes)
  }
}
