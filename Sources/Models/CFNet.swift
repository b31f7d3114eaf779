import Compute
import Networks

/// Cascade fusion network (Zhang et al. 2023, arXiv 2302.06052): a stem and blocks at H/2, then cascaded stages over
/// H/4, H/8 and H/16, each fusing every scale back before the next one begins. The last stage's maps are joined at H/4.
///
/// Departures: the source is 2D and begins at H/4 for images of 512 and more, ours are 256 x 128, so every scale is one
/// octave finer; convolutions between scales are 3x3x3 of stride (1,2,2), the only place where slices meet; no
/// stochastic depth; a head of one 1x1x1 block in place of the source's detectors.
///
/// - Input:  `[N, D, H, W, 1]`
/// - Output: `[N, D, H, W, classes]`
package struct CFNet: NetworkModel {
  package var configuration: Configuration

  package init(_ configuration: Configuration = Configuration()) { self.configuration = configuration }

  package func logits(of image: Node, classes: Int) -> Node {
    let block = NextBlock(scale: configuration.layerScale)
    var x = image.convolved(configuration.stem, stride: .inPlane, bias: true, "stem")
      .layerNormalized("stem_norm").gelu()
    for index in 0..<configuration.stemBlocks { x = block(x, "front" / index) }
    x = Down(width: configuration.widths[0])(x, "down")
    var maps: [Node] = []
    for index in 0..<configuration.stages {
      maps = stage(x, "stages" / index)
      x = maps[0]
    }
    let joined = Node.concatenated(maps.map { $0.resized(to: x.shape.extent) })
    return ConvNormReLU(configuration.head, kernel: 1)(joined, "join")
      .convolved(classes, kernel: 1, bias: true, "classify").resized(to: image.shape.extent)
  }

  /// A small encoder-decoder: blocks at every scale, focal ones at the coarsest; then each map receives the next coarser
  /// one (1x1x1, layer norm, trilinear, added).
  private func stage(_ x: Node, _ name: Name) -> [Node] {
    var (x, maps) = (x, [Node]())
    for (scale, width) in configuration.widths.enumerated() {
      if scale > 0 { x = Down(width: width)(x, name / "down" / (scale - 1)) }
      let block = NextBlock(scale: configuration.layerScale, isFocal: scale == configuration.widths.count - 1)
      for index in 0..<configuration.blocks[scale] { x = block(x, name / "blocks" / scale / index) }
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
