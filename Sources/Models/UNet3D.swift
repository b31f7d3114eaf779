import Compute
import JSON
import Networks

/// 3D U-Net (Çiçek et al. 2016, arXiv 1606.06650): analysis 32-64, 64-128, 128-256, 256-512, three skips, two 3x3x3
/// blocks per layer. With pools and doublings of 2x2x2, three channels in and three classes out, one bias per 3x3x3
/// convolution in place of the norms' parameters and none in the transposed ones, these widths give the 19,069,955
/// parameters that the source states.
///
/// Departures: pools and transposed convolutions are (1,2,2), since 18 slices do not halve three times; "same" padding;
/// no bias before a norm.
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, classes]`
package struct UNet3D: Network {
  /// First and second width of every analysis layer; the last is the bottom.
  package var levels = UNet.standardLevels

  /// The network at Çiçek's widths.
  package init() {}

  // MARK: Forward

  /// The U of `UNet` with two 3x3x3 blocks per layer and skips as they are.
  package func logits(of image: Node, classes: Int) -> Node {
    let net = UNet(levels: levels) { x, widths, name in DoubleConvolution(widths: widths)(x, name) }
    return net.logits(of: image, classes: classes)
  }
}

/// 3D UNet's layer: two 3x3x3 blocks.
struct DoubleConvolution: Layer {
  var widths: [Int]

  func callAsFunction(_ x: Node, _ name: Name) -> Node {
    ConvNormReLU(widths[1])(ConvNormReLU(widths[0])(x, name / "first"), name / "second")
  }
}

// MARK: As experiments name it

extension UNet3D {
  /// An experiment names it `"kind": "unet3d"`; begins the names of its runs\' directories.
  package static let kind = "unet3d"
  /// What the schema of experiments says of it.
  package static let summary = "3D UNet"

  /// The widths of every level.
  package static var fields: [Field<Self>] { [Field("levels", \.levels, UNet.levelsForm, UNet.levelsMeaning)] }

  /// Two levels or more, each of two widths above 1.
  package var problems: [ModelProblem] { UNet.problems(of: levels) }

  /// One pooling between each two levels.
  package var halvings: Int { levels.count - 1 }
}
