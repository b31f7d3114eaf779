import Compute
import JSON
import Networks

/// The shape of 3D UNet and 3D ResUNet: an analysis path of layers with pooling between them, and a synthesis path that
/// doubles, concatenates the skip and applies a layer of the skip's width.
///
///     analysis:   s₀ = layer(x), sᵢ = layer(pool(sᵢ₋₁))
///     synthesis:  u = double(below), y = layer([attend(sᵢ, u), u])
///
/// Pooling drops an odd last row or column; the transposed convolution gives it back with its bias.
///
/// - Input:  `[N, D, H, W, C]`, H and W at least 2 to the power of levels - 1
/// - Output: `[N, D, H, W, classes]`
struct UNet {
  /// First and second width of every analysis layer; the last is the bottom.
  var levels: [[Int]]
  /// A layer of two convolutions of these widths.
  var layer: (_ x: Node, _ widths: [Int], _ name: Name) -> Node
  /// The skip as the synthesis path sees it.
  var attend: (_ skip: Node, _ up: Node, _ name: Name) -> Node = { skip, _, _ in skip }

  func logits(of image: Node, classes: Int) -> Node {
    var x = image
    var skips: [Node] = []
    for (index, level) in levels.enumerated() {
      x = layer(index == 0 ? x : x.maxPooled(), level, "analysis" / index)
      skips.append(x)
    }
    for (index, skip) in skips.dropLast().reversed().enumerated() {
      let up = x.doubled(x.shape.channels, to: skip.shape.extent, "up" / index)
      let width = skip.shape.channels
      let joined = Node.concatenated([attend(skip, up, "attention" / index), up])
      x = layer(joined, [width, width], "synthesis" / index)
    }
    return x.convolved(classes, kernel: 1, bias: true, "classify")
  }
}

extension UNet {
  /// First and second width of every analysis layer as Çiçek has them.
  static let standardLevels = [[32, 64], [64, 128], [128, 256], [256, 512]]

  static var levelsForm: Form<[[Int]]> { .list(of: .list(of: .channels, count: 2...2), count: 2...8) }

  static let levelsMeaning = "First and second width of every analysis layer; the last is the bottom"

  static func problems(of levels: [[Int]]) -> [ModelProblem] {
    let isNetwork = levels.count > 1 && levels.allSatisfy { $0.count == 2 && $0.allSatisfy { $0 > 1 } }
    return [.unless(isNetwork, "levels", "must be at least two pairs of numbers above 1")].compactMap(\.self)
  }
}
