import Compute
import JSON
import Networks

/// Cascade fusion network (Zhang et al. 2023, arXiv 2302.06052): a stem and blocks at H/2, then cascaded stages over
/// H/4, H/8 and H/16, each fusing every scale back before the next one begins. The last stage's maps are joined at H/4.
///
/// Departures: the source is 2D and begins at H/4 for images of 512 and more, ours are 256 x 128, so every scale is one
/// octave finer; convolutions between scales are 3x3x3 of stride (1,2,2), the only place where slices meet; no
/// stochastic depth; a head of one 1x1x1 block in place of the source's detectors.
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, classes]`
package struct CFNet: Network {
  /// Channels at H/2. All defaults are those of the authors' tiny model.
  package var stem = 96
  /// Blocks at H/2, before the first stage.
  package var stemBlocks = 3
  /// Channels of every stage at H/4, H/8 and H/16; another length makes more or fewer scales.
  package var widths = [192, 352, 512]
  /// Blocks of every stage at each scale: as many numbers as `widths` has.
  package var blocks = [2, 4, 2]
  /// Cascaded stages, each with all scales.
  package var stages = 3
  /// Channels of the map that joins the last stage's scales, on which voxels are classified.
  package var head = 192
  /// First value of every layer scale; at 1 a block starts as an ordinary residual.
  package var layerScale: Float = 1

  /// The authors' tiny model, one octave finer.
  package init() {}

  // MARK: Forward

  /// Stem and blocks, the stages one after the other, then the last stage's maps joined, classified and resized to the
  /// image.
  package func logits(of image: Node, classes: Int) -> Node {
    let block = NextBlock(scale: layerScale)
    var x = image.convolved(stem, stride: .inPlane, bias: true, "stem")
      .layerNormalized("stem_norm").gelu()
    for index in 0..<stemBlocks { x = block(x, "front" / index) }
    x = Down(width: widths[0])(x, "down")
    var maps: [Node] = []
    for index in 0..<stages {
      maps = stage(x, "stages" / index)
      x = maps[0]
    }
    let joined = Node.concatenated(maps.map { $0.resized(to: x.shape.extent) })
    return ConvNormReLU(head, kernel: 1)(joined, "join")
      .convolved(classes, kernel: 1, bias: true, "classify").resized(to: image.shape.extent)
  }

  /// A small encoder-decoder: blocks at every scale, focal ones at the coarsest; then each map receives the next coarser
  /// one (1x1x1, layer norm, trilinear, added).
  private func stage(_ x: Node, _ name: Name) -> [Node] {
    var (x, maps) = (x, [Node]())
    for (scale, width) in widths.enumerated() {
      if scale > 0 { x = Down(width: width)(x, name / "down" / (scale - 1)) }
      let block = NextBlock(scale: layerScale, isFocal: scale == widths.count - 1)
      for index in 0..<blocks[scale] { x = block(x, name / "blocks" / scale / index) }
      maps.append(x)
    }
    for scale in maps.indices.dropLast().reversed() {
      let (fine, lift) = (maps[scale], name / "lift" / scale)
      let coarse = maps[scale + 1].convolved(fine.shape.channels, kernel: 1, bias: true, lift / "conv")
      maps[scale] = fine + coarse.layerNormalized(lift / "norm").resized(to: fine.shape.extent)
    }
    return maps
  }
}

// MARK: As experiments name it

extension CFNet {
  /// An experiment names it `"kind": "cfnet"`; begins the names of its runs\' directories.
  package static let kind = "cfnet"
  /// What the schema of experiments says of it.
  package static let summary = "Cascade fusion network"

  /// Every property, with the range that it may have.
  package static var fields: [Field<Self>] {
    [
      Field("stem", \.stem, .channels, "Channels at half the size"),
      Field("stemBlocks", \.stemBlocks, .integer(0...64), "Blocks at half the size"),
      Field(
        "widths", \.widths, .list(of: .channels, count: 2...16), "Channels of every scale, from a quarter of the size"),
      Field("blocks", \.blocks, .list(of: .integer(1...64), count: 2...16), "Blocks of every scale"),
      Field("stages", \.stages, .integer(1...16), "Cascaded stages"),
      Field("head", \.head, .channels, "Channels of the joined map"),
      Field("layerScale", \.layerScale, .single, "First value of every layer scale"),
    ]
  }

  /// Channels above 1 (a single one is stored as an image is), counts positive, and one number of blocks per width.
  package var problems: [ModelProblem] {
    [
      .unless(stem > 1, "stem", "must be above 1"),
      .unless(stemBlocks >= 0, "stemBlocks", "must not be negative"),
      .unless(widths.count > 1 && widths.allSatisfy { $0 > 1 }, "widths", "must be at least two numbers above 1"),
      .unless(
        blocks.count == widths.count && blocks.allSatisfy { $0 > 0 }, "blocks",
        "must be one positive number per width"),
      .unless(stages > 0, "stages", "must be positive"),
      .unless(head > 1, "head", "must be above 1"),
      .unless(layerScale.isFinite, "layerScale", "must be a finite number"),
    ].compactMap(\.self)
  }

  /// One before the first stage's widths, and one for each of them.
  package var halvings: Int { widths.count + 1 }
}

extension Form where Value == Float {
  /// A number that is kept in single precision; written with the digits that it was given.
  fileprivate static var single: Form {
    Form<Double>.number(Interval(lower: -1e6, upper: 1e6)).map({ Float($0) }, { Double($0.description)! })
  }
}
