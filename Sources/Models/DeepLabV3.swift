import Compute
import Networks

/// 3D DeepLabV3 with its decoder (Chen et al. 2018, "DeepLabV3+", arXiv 1802.02611).
///
/// A residual encoder (He 2016, 18 layers) goes to H/16; its last stage has in-plane dilation 2 instead of a stride.
/// ASPP, then the decoder: up to H/4, joined by the first stage's map reduced to 48 channels, two 3x3x3 blocks, logits,
/// trilinear to the image.
///
/// - Input:  `[N, D, H, W, 1]`
/// - Output: `[N, D, H, W, classes]`
package struct DeepLabV3: NetworkModel {
  package var configuration: Configuration

  package init(_ configuration: Configuration = Configuration()) { self.configuration = configuration }

  package func logits(of image: Node, classes: Int) -> Node {
    let (low, high) = features(of: image)
    let pyramid = ASPP(rates: configuration.rates, channels: configuration.pyramid)(high, "aspp")
    let reduced = ConvNormReLU(configuration.low, kernel: 1)(low, "reduce")
    var x = Node.concatenated([pyramid.resized(to: low.shape.extent), reduced])
    for index in 0..<2 { x = ConvNormReLU(configuration.decoder)(x, "decode" / index) }
    return x.convolved(classes, kernel: 1, bias: true, "classify").resized(to: image.shape.extent)
  }

  /// The first and the last stage's maps, at H/4 and H/16.
  private func features(of image: Node) -> (low: Node, high: Node) {
    var x = ConvNormReLU(configuration.stem, stride: .inPlane)(image, "stem")
    var maps: [Node] = []
    for (stage, (width, blocks)) in zip(configuration.stages, configuration.blocks).enumerated() {
      let isLast = stage == configuration.stages.count - 1
      for block in 0..<blocks {
        x = BasicBlock(
          width: width, stride: block == 0 && !isLast ? .inPlane : 1, dilation: isLast ? Extent3(1, 2, 2) : 1)(
            x, "stages" / stage / block)
      }
      maps.append(x)
    }
    return (maps[0], x)
  }
}

/// Two 3x3x3 convolutions and a shortcut, which is the input itself where shapes allow it (He 2016).
struct BasicBlock: Layer {
  var width: Int
  var stride: Extent3
  var dilation: Extent3

  func callAsFunction(_ x: Node, _ name: Name) -> Node {
    let first = ConvNormReLU(width, stride: stride, dilation: dilation)(x, name / "first")
    let second = ConvNormReLU(width, dilation: dilation, rectifies: false)(first, name / "second")
    if x.shape == second.shape { return (second + x).relu() }
    return (second + ConvNormReLU(width, kernel: 1, stride: stride, rectifies: false)(x, name / "shortcut")).relu()
  }
}
