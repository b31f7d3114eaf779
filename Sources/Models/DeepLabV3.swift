import Compute
import JSON
import Networks

/// 3D DeepLabV3 with its decoder (Chen et al. 2018, "DeepLabV3+", arXiv 1802.02611).
///
/// A residual encoder (He 2016, 18 layers) goes to H/16; its last stage has in-plane dilation 2 instead of a stride.
/// ASPP, then the decoder: up to H/4, joined by the first stage's map reduced to 48 channels, two 3x3x3 blocks, logits,
/// trilinear to the image.
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, classes]`
package struct DeepLabV3: Network {
  /// Channels of the first convolution, at H/2.
  package var stem = 64
  /// Width of every stage; all but the last begin with a stride. The defaults are an 18-layer residual encoder's.
  package var stages = [64, 128, 256, 512]
  /// Residual blocks of every stage.
  package var blocks = [2, 2, 2, 2]
  /// Dilations of ASPP's 3x3x3 branches. From here on as the source has them.
  package var rates = [6, 12, 18]
  /// Channels of ASPP's branches and result.
  package var pyramid = 256
  /// Channels of the reduced low-level map.
  package var low = 48
  /// Channels of the decoder's two 3x3x3 blocks.
  package var decoder = 256

  /// An 18-layer encoder, and ASPP and decoder as in DeepLabV3+.
  package init() {}

  // MARK: Forward

  /// Encoder, ASPP on its last map, decoder at the first stage's size, class scores resized to the image.
  package func logits(of image: Node, classes: Int) -> Node {
    let (fine, deep) = features(of: image)
    let context = ASPP(rates: rates, channels: pyramid)(deep, "aspp")
    let reduced = ConvNormReLU(low, kernel: 1)(fine, "reduce")
    var x = Node.concatenated([context.resized(to: fine.shape.extent), reduced])
    for index in 0..<2 { x = ConvNormReLU(decoder)(x, "decode" / index) }
    return x.convolved(classes, kernel: 1, bias: true, "classify").resized(to: image.shape.extent)
  }

  /// The first and the last stage's maps, at H/4 and H/16.
  private func features(of image: Node) -> (fine: Node, deep: Node) {
    var x = ConvNormReLU(stem, stride: .inPlane)(image, "stem")
    var maps: [Node] = []
    for (stage, (width, count)) in zip(stages, blocks).enumerated() {
      let isLast = stage == stages.count - 1
      for block in 0..<count {
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

// MARK: As experiments name it

extension DeepLabV3 {
  /// An experiment names it `"kind": "deeplabv3"`; begins the names of its runs\' directories.
  package static let kind = "deeplabv3"
  /// What the schema of experiments says of it.
  package static let summary = "3D DeepLabV3 with its decoder"

  /// Every property, with the range that it may have.
  package static var fields: [Field<Self>] {
    [
      Field("stem", \.stem, .channels, "Channels of the stem"),
      Field(
        "stages", \.stages, .list(of: .channels, count: 2...16), "Channels of every stage; the last is dilated"),
      Field("blocks", \.blocks, .list(of: .integer(1...64), count: 2...16), "Residual blocks of every stage"),
      Field("rates", \.rates, .list(of: .integer(1...256), count: 1...16), "Dilations of the pyramid's branches"),
      Field("pyramid", \.pyramid, .channels, "Channels of the pyramid"),
      Field("low", \.low, .channels, "Channels of the reduced low-level map"),
      Field("decoder", \.decoder, .channels, "Channels of the decoder"),
    ]
  }

  /// Channels above 1 (a single one is stored as an image is), two stages or more, one number of blocks per stage,
  /// positive rates.
  package var problems: [ModelProblem] {
    let widths = [("stem", stem), ("pyramid", pyramid), ("low", low), ("decoder", decoder)]
    let rules: [ModelProblem?] = [
      .unless(stages.count > 1 && stages.allSatisfy { $0 > 1 }, "stages", "must be at least two numbers above 1"),
      .unless(
        blocks.count == stages.count && blocks.allSatisfy { $0 > 0 }, "blocks",
        "must be one positive number per stage"),
      .unless(!rates.isEmpty && rates.allSatisfy { $0 > 0 }, "rates", "must be positive numbers"),
    ]
    return (widths.map { .unless($0.1 > 1, $0.0, "must be above 1") } + rules).compactMap(\.self)
  }

  /// The stem's, and one for each stage but the last, which is dilated instead: as many as there are stages.
  package var halvings: Int { stages.count }

  /// Dilations that reach beyond the last stage's map.
  package func oddities(at size: Extent3) -> [ModelProblem] {
    [
      idle(
        rates, "rates", usual: DeepLabV3().rates, map: size.halvedInPlane(halvings),
        along: [\.depth, \.height, \.width])
    ].compactMap(\.self)
  }
}
